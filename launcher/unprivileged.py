"""PostgreSQL refuses to run as root, so root hands it to an account without rights."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Account:
    """An account of the machine."""

    name: str
    uid: int
    gid: int

    def for_popen(self) -> dict[str, Any]:
        """Arguments that make `subprocess` change to this account, extra groups dropped."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, test: str, path: Path) -> bool:
        """Ask `test(1)` as this account; only it knows every rule on the way to `path`."""
        command = ["test", test, str(path)]
        return subprocess.run(command, cwd="/", **self.for_popen(), check=False).returncode == 0


def account_for_postgres() -> Account | None:
    """None for an ordinary user, who runs it alone; else `postgres` or, lacking it, `nobody`."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError("This machine has neither an account postgres nor nobody.")
