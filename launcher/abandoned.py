"""Databases in memory that no run will come back to.

A run that was killed with its server, or whose checkout was removed, leaves 300 MB there until
the machine is started again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import stat
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from launcher import leftovers, locks

# A run that is just beginning has no server yet.
YOUNG_SECONDS = 3600.0


def note_owner(home: Path, folder: Path) -> None:
    """Write into the cluster `home` that it belongs to `folder`, whose lock its runs hold."""
    note = home / "belongs-to"
    # The home may be another account's, which may have put a link there: never written through.
    note.unlink(missing_ok=True)
    with note.open("x") as file:
        file.write(f"{folder}\n")


def remove_abandoned(memory: Path, owners: Collection[int]) -> list[Path]:
    """Remove `memory`/furusato-* of these accounts that are of no use any more, and name them.

    Left alone: what a server runs on, what a run holds the lock of, what a checkout that is
    still there comes back to, what was touched in the last hour, and what another account than
    ours says the owner of.
    """
    removed = []
    for home in sorted(memory.glob("furusato-*")):
        with contextlib.suppress(OSError, locks.Taken):  # gone, closed to us, or in use
            found = home.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
                continue
            with _its_lock(home):
                if not _is_alive(home) and (_was_killed(home) or _is_forgotten(home)):
                    shutil.rmtree(home)
                    removed.append(home)
    return removed


@contextlib.contextmanager
def _its_lock(home: Path) -> Iterator[None]:
    folder = _folder_of(home)
    with contextlib.ExitStack() as stack:
        if folder and folder.is_dir():
            stack.enter_context(locks.hold_unwritten(folder / "lock"))
        yield


def _folder_of(home: Path) -> Path | None:
    """By a note of ours. As root we would open what a note names, so that of the account that
    runs PostgreSQL, whose the home is, or a link, is refused: its home is left alone."""
    try:
        descriptor = os.open(home / "belongs-to", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with open(descriptor) as note:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid():
            raise PermissionError(f"{home} has a note that is not ours")
        return Path(note.read().strip())


def _is_alive(home: Path) -> bool:
    """By its process, whatever that is, or by its socket: a server in another container that
    shares this memory has a number that says nothing here."""
    pid = _pid(home)
    if pid is not None and leftovers.fingerprint(pid) is not None:
        return True
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(home / "run" / ".s.PGSQL.5432"))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True


def _pid(home: Path) -> int | None:
    """Of the server that runs, or was killed; None after a clean end. An empty file is being
    written just now, or was when the power went: it counts for its age."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        return int((home / "data" / "postmaster.pid").read_text().split()[0])
    return None


def _was_killed(home: Path) -> bool:
    return _pid(home) is not None


def _is_forgotten(home: Path) -> bool:
    """Ended well, but nobody's: the next run of a checkout would begin with what is prepared."""
    folder = _folder_of(home)
    if folder is not None:
        with contextlib.suppress(FileNotFoundError):
            if Path((folder / "postgres.is-in").read_text().strip()) == home:
                return False
    # What begins to use a folder sets its mode, which ctime tells.
    touched = max(
        max(found.st_mtime, found.st_ctime)
        for found in (path.stat() for path in (home, home / "data") if path.exists())
    )
    return time.time() - touched > YOUNG_SECONDS
