"""`kill -9` of PostgreSQL while a full venue checks in (hard case 28).

A cluster of its own, as durable as the product's, and the product's web server under its
run-time login; the launcher's supervisor starts what dies. Everybody who was told "recorded" is
recorded, once, and whoever was not tries again and is served within a minute.
"""

from __future__ import annotations

import http.client
import os
import queue
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import override_settings

from benchmarks.world import make_world, signed_in_cookies
from launcher import logins
from launcher.postgres import DATABASE, START_SECONDS, SUPERUSER, Cluster, binaries_for, place_for
from launcher.processes import TICK_SECONDS, Child, Supervisor
from launcher.unprivileged import account_for_postgres
from tests.factories.codes import venue_token

pytestmark = pytest.mark.journey
ROOT = Path(__file__).resolve().parents[2]
RESIDENTS = 1000
KILLED_AFTER = (300, 650)  # so many were told that they are recorded
CONNECTIONS = 8
PATIENCE_SECONDS = 60


@dataclass
class Crowd:
    """Everybody checks in once; who gets no answer, or an error, tries again."""

    port: int
    path: str
    waiting: queue.SimpleQueue[tuple[str, str]]
    told: int = 0
    given_up: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def check_in(self) -> None:
        while not self.given_up:
            try:
                cookies, csrf = self.waiting.get_nowait()
            except queue.Empty:
                return
            began = time.monotonic()
            while not (answer := self._ask(cookies, csrf)).startswith("200"):
                if time.monotonic() - began > PATIENCE_SECONDS:
                    with self.lock:
                        self.given_up.append(answer)
                    break
                time.sleep(0.2)
            else:
                with self.lock:
                    self.told += 1

    def _ask(self, cookies: str, csrf: str) -> str:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            client.request(
                "POST",
                self.path,
                body=f"csrfmiddlewaretoken={csrf}",
                headers={
                    "Host": "localhost",
                    "Cookie": cookies,
                    "Content-Type": "application/x-www-form-urlencoded",
                },
            )
            response = client.getresponse()
            response.read()
            return f"{response.status}"
        except (OSError, http.client.HTTPException) as error:
            return repr(error)
        finally:
            client.close()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    # pytest's own folders are closed to the account that runs PostgreSQL.
    folder = Path(tempfile.mkdtemp(prefix="killed-"))
    folder.chmod(0o711)
    account = account_for_postgres()
    yield Cluster(place_for(folder, account), account, binaries_for(account))
    shutil.rmtree(folder)


def test_what_was_acknowledged_is_there_and_the_web_comes_back(
    cluster: Cluster, own_database: str, tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "journeys_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}:{ROOT / 'tests' / 'journeys'}",
        "DATABASE_URL": cluster.url,
        "DATA_DIR": str(tmp_path / "data"),
    }
    cluster.prepare()
    platform = Supervisor(tmp_path / "pids")
    postgres = cluster.child(tmp_path / "postgres.log")
    try:
        platform.start(postgres)
        platform.wait_until(cluster.answers, START_SECONDS, "PostgreSQL")
        cluster.ensure_database()
        path, waiting = _fill(cluster, own_database, tmp_path)
        platform.start(_web(environment, port, tmp_path))
        platform.wait_until(lambda: _answers(port), PATIENCE_SECONDS, "the web server")
        crowd = Crowd(port, path, waiting)
        threads = [threading.Thread(target=crowd.check_in) for _ in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        left = list(KILLED_AFTER)
        while any(thread.is_alive() for thread in threads):
            platform.tend()
            if left and crowd.told >= left[0]:
                del left[0]
                assert postgres.pid is not None
                os.kill(postgres.pid, signal.SIGKILL)
            time.sleep(TICK_SECONDS)
        assert not left, "it was killed twice, in the middle"
        assert not crowd.given_up, f"{len(crowd.given_up)} gave up: {set(crowd.given_up)}"
        assert crowd.told == RESIDENTS
        platform.wait_until(cluster.answers, START_SECONDS, "PostgreSQL")
        with cluster.connect() as found:
            rows = found.execute(
                "SELECT count(*), count(DISTINCT resident_id) FROM attendance_participationrecord"
            ).fetchone()
        assert rows == (RESIDENTS, RESIDENTS)
    finally:
        platform.stop()


def _fill(
    cluster: Cluster, database: str, folder: Path
) -> tuple[str, queue.SimpleQueue[tuple[str, str]]]:
    """A full venue, made in the suite's cluster and copied: where to check in, and who waits.

    To prepare a database anew takes half a minute.
    """
    with override_settings(MEDIA_ROOT=folder / "media"):
        world = make_world(articles=1, activities=1, residents=RESIDENTS)
    waiting: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    for pair in signed_in_cookies(world.residents):
        waiting.put(pair)
    connection.close()
    head, _, options = os.environ["DATABASE_URL"].partition("?")
    source = f"--dbname={head.rpartition('/')[0]}/{database}?{options}"
    target = ["-h", str(cluster.socket_dir), "-U", SUPERUSER, "-d", DATABASE]
    roles, dump = str(folder / "roles.sql"), str(folder / "dump")
    for program, *arguments in (
        ["pg_dumpall", "--roles-only", "--no-role-passwords", "-f", roles, source],
        ["pg_dump", "--format=custom", "--enable-row-security", "-f", dump, source],
        ["psql", "--quiet", "-f", roles, *target],  # goes on where a role is there already
        ["pg_restore", "--exit-on-error", *target, dump],
    ):
        subprocess.run(
            [str(cluster.binaries / program), *arguments], check=True, stderr=subprocess.DEVNULL
        )
    return f"/c/{venue_token(world.municipality.code, world.session_uuid)}/", waiting


def _web(environment: dict[str, str], port: int, folder: Path) -> Child:
    granian = str(Path(sys.executable).parent / "granian")
    command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "config.wsgi:application"]
    return Child("web", command, logins.for_run_time(environment), folder / "web.log", ROOT)


def _answers(port: int) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/healthz", headers={"Host": "localhost"})
        return bool(client.getresponse().read())
    except (OSError, psycopg.Error):
        return False
