"""What a `./run` that was killed left running, found by pid files.

A pid alone proves nothing: numbers are used again, above all in containers. A record holds
the moment the process started and its command line, and only a process that still has both
is touched.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

PATIENCE_SECONDS = 6.0
RECORD_SECONDS = 2.0


@dataclass(frozen=True)
class Fingerprint:
    """One process and no other. `started`: clock ticks after boot (proc(5), field 22)."""

    pid: int
    started: int
    command: str


def fingerprint(pid: int) -> Fingerprint | None:
    """None if there is no such process, or only its exit status is left (a zombie)."""
    fields = _stat(pid)
    if fields is None or fields[0] == "Z":
        return None
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return None
    return Fingerprint(pid, int(fields[19]), command.decode(errors="replace").strip())


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the third on; the second may hold spaces and brackets."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def record(pid_dir: Path, name: str, pid: int) -> None:
    """Remember a child; one that has ended already is not worth remembering.

    Just after it was started the kernel may not have its command line yet; a record without
    one would not be recognised later.
    """
    deadline = time.monotonic() + RECORD_SECONDS
    while (found := fingerprint(pid)) and not found.command and time.monotonic() < deadline:
        time.sleep(0.01)
    if found is not None:
        pid_dir.mkdir(parents=True, exist_ok=True)
        (pid_dir / f"{name}.pid").write_text(json.dumps(asdict(found)))


def forget(pid_dir: Path, name: str) -> None:
    (pid_dir / f"{name}.pid").unlink(missing_ok=True)


def stop_leftovers(pid_dir: Path, data_dir: Path) -> list[str]:
    """Stop what is still ours, forget the rest. Returns the names of what was stopped.

    The database goes last, so that the others can finish what they are writing.
    """
    records = {path.stem: _read(path) for path in sorted(pid_dir.glob("*.pid"))}
    known = {name: found for name, found in records.items() if found is not None}
    database = {name: known.pop(name) for name in ("postgres",) if name in known}
    stopped = [*_stop(known, signal.SIGTERM, data_dir)]
    # SIGINT is PostgreSQL's fast shutdown; its SIGTERM waits for clients to leave.
    stopped += _stop(database, signal.SIGINT, data_dir)
    for name in records:
        forget(pid_dir, name)
    return stopped


def _read(path: Path) -> Fingerprint | None:
    try:
        return Fingerprint(**json.loads(path.read_text()))
    except (ValueError, TypeError, OSError):
        return None


def _stop(known: dict[str, Fingerprint], gently: signal.Signals, data_dir: Path) -> list[str]:
    """Ask all at once, wait for all together, insist. Names of those that were there."""
    alive = {name: found for name, found in known.items() if fingerprint(found.pid) == found}
    for found in alive.values():
        _send(found.pid, gently)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and any(fingerprint(f.pid) == f for f in alive.values()):
        time.sleep(0.1)
    stopped = list(alive)
    for name, found in known.items():
        if fingerprint(found.pid) == found:
            _send(found.pid, signal.SIGKILL)
        orphans = list(_orphans(found.pid, data_dir))
        for pid in orphans:
            _send(pid, signal.SIGKILL)
        if orphans and name not in stopped:
            stopped.append(name)
    return stopped


def _send(pid: int, kind: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, kind)


def _orphans(session: int, data_dir: Path) -> Iterator[int]:
    """Members of the dead child's session that carry our DATA_DIR in their environment."""
    mark = b"DATA_DIR=" + os.fsencode(data_dir)
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        fields = _stat(int(entry.name))
        if fields is None or int(fields[3]) != session:
            continue
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
