"""Behind PgBouncer, the real one: in session mode all is well, else nothing starts (case 9)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connection

from launcher.unprivileged import account_for_postgres
from tenants.checks import check_pooling
from tenants.postgresql.pooling import mixes_sessions

ROOT = Path(__file__).resolve().parents[2]
PGBOUNCER = Path("/usr/sbin/pgbouncer")
WAIT_SECONDS = 10
needs_pgbouncer = pytest.mark.skipif(
    not PGBOUNCER.exists(), reason="PgBouncer is not installed: apt-get install pgbouncer"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def pooler() -> Iterator[Callable[..., Path]]:
    """Starts PgBouncer in a mode, in front of the suite's server; its socket's folder."""
    started: list[subprocess.Popen[bytes]] = []
    account = account_for_postgres()
    with tempfile.TemporaryDirectory(prefix="pooler-") as name:
        folder = Path(name)

        def start(mode: str, **more: str) -> Path:
            parameters = connection.get_connection_params()
            target = " ".join(
                f"{word}={parameters[word]}" for word in ("host", "port") if word in parameters
            )
            lines = [
                "[databases]",
                f"* = {target}",
                "[pgbouncer]",
                f"pool_mode = {mode}",
                "auth_type = trust",
                f"auth_file = {folder / 'users'}",
                "listen_addr =",
                f"unix_socket_dir = {folder}",
                "listen_port = 6432",
                *(f"{key} = {value}" for key, value in more.items()),
            ]
            (folder / "pooler.ini").write_text("\n".join(lines))
            (folder / "users").write_text(f'"{parameters["user"]}" ""\n')
            for path in (folder, *folder.iterdir()):
                if account:
                    os.chown(path, account.uid, account.gid)
            options = account.for_popen() if account else {}
            started.append(
                subprocess.Popen([PGBOUNCER, "-q", folder / "pooler.ini"], cwd="/", **options)
            )
            _wait_for(folder / ".s.PGSQL.6432")
            return folder

        yield start
        for process in started:
            process.terminate()
            process.wait()


def _wait_for(path: Path) -> None:
    ends_at = time.monotonic() + WAIT_SECONDS
    while not path.exists():
        assert time.monotonic() < ends_at, f"no {path}"
        time.sleep(0.02)


def words(folder: Path) -> dict[str, object]:
    return {
        "host": str(folder),
        "port": 6432,
        "user": connection.settings_dict["USER"],
        "dbname": connection.settings_dict["NAME"],
    }


def connects(folder: Path) -> Callable[[], psycopg.Connection]:
    return partial(psycopg.connect, **words(folder), autocommit=True, prepare_threshold=None)


@needs_pgbouncer
@pytest.mark.parametrize(
    ("mode", "more", "mixes"),
    [
        ("session", {}, False),
        ("statement", {}, True),
        ("transaction", {}, True),
        ("transaction", {"server_round_robin": "1"}, True),
        ("transaction", {"default_pool_size": "1"}, True),
    ],
)
def test_what_mixes_sessions_is_found_out(pooler, mode, more, mixes):
    connect = connects(pooler(mode, **more))
    assert mixes_sessions(connect) is mixes
    # The pool is warm now, with more than one session in it.
    if mode != "statement" and "default_pool_size" not in more:
        with connect() as one, connect() as other, one.transaction(), other.transaction():
            one.execute("SELECT 1"), other.execute("SELECT 1")
    assert mixes_sessions(connect) is mixes


def test_without_a_pooler_nothing_is_mixed():
    assert check_pooling(None, databases=["default"]) == []
    assert check_pooling(None) == [], "a check of the code alone asks no database"


@needs_pgbouncer
@pytest.mark.parametrize(("mode", "starts"), [("session", True), ("transaction", False)])
def test_the_web_server_starts_only_where_sessions_are_kept_apart(pooler, mode, starts):
    folder = pooler(mode)
    user, name = (connection.settings_dict[key] for key in ("USER", "NAME"))
    started = subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        env={
            **{k: v for k, v in os.environ.items() if not k.endswith("_DATABASE_URL")},
            "DATABASE_URL": f"postgres://{user}@/{name}?host={quote(str(folder), '')}&port=6432",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (started.returncode == 0) is starts, started.stderr
    assert ("tenants.E015" in started.stderr) is not starts
    assert "Traceback" not in started.stderr
