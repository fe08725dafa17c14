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

PATIENCE_SECONDS = 10.0


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
    """Remember a child; one that has ended already is not worth remembering."""
    found = fingerprint(pid)
    if found is not None:
        pid_dir.mkdir(parents=True, exist_ok=True)
        (pid_dir / f"{name}.pid").write_text(json.dumps(asdict(found)))


def forget(pid_dir: Path, name: str) -> None:
    (pid_dir / f"{name}.pid").unlink(missing_ok=True)


def stop_leftovers(pid_dir: Path, data_dir: Path) -> list[str]:
    """Stop what is still ours, forget the rest. Returns the names of what was stopped."""
    stopped = []
    for path in sorted(pid_dir.glob("*.pid")):
        known = _read(path)
        if known is not None and _stop(known, path.stem, data_dir):
            stopped.append(path.stem)
        path.unlink(missing_ok=True)
    return stopped


def _read(path: Path) -> Fingerprint | None:
    try:
        return Fingerprint(**json.loads(path.read_text()))
    except (ValueError, TypeError, OSError):
        return None


def _stop(known: Fingerprint, name: str, data_dir: Path) -> bool:
    found = False
    if fingerprint(known.pid) == known:
        found = True
        # SIGINT is PostgreSQL's fast shutdown; its SIGTERM waits for clients to leave.
        gently = signal.SIGINT if name == "postgres" else signal.SIGTERM
        with contextlib.suppress(ProcessLookupError):
            os.kill(known.pid, gently)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while fingerprint(known.pid) == known and time.monotonic() < deadline:
            time.sleep(0.1)
        if fingerprint(known.pid) == known:
            os.kill(known.pid, signal.SIGKILL)
    for pid in _orphans(known.pid, data_dir):
        found = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return found


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
