"""`kill -9` of the web server while a desk's phone sends what it kept without a network (hard
cases 24 and 28): all of it arrives, each reading once, though answers are lost on the way."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import override_settings

from activities.models import Session
from attendance.codes.passes import make_pass
from attendance.models import ParticipationRecord, Scan
from attendance.operations.devices import enrol, make_device
from benchmarks.world import World, make_world
from common import clock
from launcher import logins
from launcher.processes import Child, Supervisor
from tenants.context import municipality_context

pytestmark = pytest.mark.journey
ROOT = Path(__file__).resolve().parents[2]
SCANS, BATCH = 500, 25
KILLED_AT = (4, 11)  # of twenty batches
PATIENCE_SECONDS = 60
SLOW = timedelta(hours=2)  # what the phone's clock is behind


class Phone:
    """Sends its queue in batches and forgets only what was answered for."""

    def __init__(self, world: World, cookie: str, port: int) -> None:
        self.headers = {"Host": world.host, "Cookie": f"desk={cookie}"}
        self.port = port
        self.lost = 0

    def fetch(self) -> None:
        answer, body = self._ask("GET", "/desk/data/")
        self.headers["X-CSRFToken"] = json.loads(body)["csrf"]
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.headers["Cookie"] += "; " + value.partition(";")[0]

    def send(self, scans: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
        """The answers, or None where none came."""
        body = json.dumps({"now": _ms(clock.now() - SLOW), "scans": scans})
        try:
            answer, said = self._ask("POST", "/desk/scans/", body)
        except (OSError, http.client.HTTPException):
            self.lost += 1
            return None
        assert answer.status == http.client.OK, said
        found: list[dict[str, Any]] = json.loads(said)["answers"]
        return found

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[Any, bytes]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        kind = {"Content-Type": "application/json"} if body else {}
        try:
            client.request(method, path, body=body, headers=self.headers | kind)
            answer = client.getresponse()
            return answer, answer.read()
        finally:
            client.close()


def test_five_hundred_readings_arrive_once_though_the_server_is_killed_twice(
    own_database: str, tmp_path: Path
) -> None:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        world = make_world(articles=1, activities=1, residents=SCANS)
    with municipality_context(world.municipality):
        session = Session.objects.get(uuid=world.session_uuid).snapshot()
        made = make_device(world.municipality, session, "受付", None)
        _device, cookie = enrol(world.municipality, made.url.rstrip("/").rsplit("/", 1)[1])
    now = clock.now()
    queue = [
        {
            "uuid": str(uuid4()),
            "seq": number,
            "at": _ms(now - SLOW),
            "code": make_pass(one.pk, now)[0],
        }
        for number, one in enumerate(world.residents, 1)
    ]
    connection.close()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    platform = Supervisor(tmp_path / "pids")
    web = _web(own_database, port, tmp_path)
    phone = Phone(world, cookie, port)
    try:
        platform.start(web)
        platform.wait_until(lambda: _answers(port), PATIENCE_SECONDS, "the web server")
        phone.fetch()
        killed = 0
        began = time.monotonic()
        sent = 0
        while queue:
            assert time.monotonic() - began < 3 * PATIENCE_SECONDS, f"{len(queue)} still wait"
            platform.tend()
            batch = queue[:BATCH]
            if killed < len(KILLED_AT) and sent == KILLED_AT[killed]:
                killed += 1
                _kill_while_it_works(web, phone, batch)
            answers = phone.send(batch)
            if answers is None:
                time.sleep(0.2)
                continue
            sent += 1
            answered = {one["uuid"] for one in answers}
            queue = [one for one in queue if one["uuid"] not in answered]
        assert killed == len(KILLED_AT)
        assert phone.lost >= killed, "answers were lost on the way"
    finally:
        platform.stop()
    assert Scan.objects.filter(clock_off=True).count() == Scan.objects.count() == SCANS
    people = ParticipationRecord.objects.values("resident").distinct().count()
    assert (ParticipationRecord.objects.count(), people) == (SCANS, SCANS)


def _kill_while_it_works(web: Child, phone: Phone, batch: list[dict[str, Any]]) -> None:
    """The batch goes out, and the server dies without a word; what it did of it nobody knows."""
    body = json.dumps({"now": _ms(clock.now() - SLOW), "scans": batch})
    client = http.client.HTTPConnection("127.0.0.1", phone.port, timeout=30)
    headers = phone.headers | {"Content-Type": "application/json"}
    client.request("POST", "/desk/scans/", body=body, headers=headers)
    time.sleep(0.05)
    assert web.pid is not None
    os.killpg(os.getpgid(web.pid), signal.SIGKILL)
    client.close()


def _web(database: str, port: int, folder: Path) -> Child:
    head, _, options = os.environ["DATABASE_URL"].partition("?")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "journeys_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}:{ROOT / 'tests' / 'journeys'}",
        "DATABASE_URL": f"{head.rpartition('/')[0]}/{database}?{options}",
        "DATA_DIR": str(folder / "data"),
    }
    granian = str(Path(sys.executable).parent / "granian")
    command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "config.wsgi:application"]
    return Child("web", command, logins.for_run_time(environment), folder / "web.log", ROOT)


def _answers(port: int) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/healthz", headers={"Host": "localhost"})
        return bool(client.getresponse().read())
    except OSError:
        return False


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
