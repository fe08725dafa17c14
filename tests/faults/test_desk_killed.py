"""`kill -9` of the web server while a desk's phone sends what it kept without a network (hard
cases 24 and 28): all of it arrives, each reading once, though answers are lost on the way, those
to batches that were written, too."""

from __future__ import annotations

import http.client
import os
import select
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from attendance.models import ParticipationRecord, Scan
from benchmarks.world import make_world
from common import clock
from launcher.processes import Child, Supervisor
from tests.faults.phones import Phone, answers, free_port, web_on

pytestmark = pytest.mark.journey
SCANS, BATCH = 800, 25
KILLED_AT = (3, 7)  # of 32 batches
KILLED_UNHEARD_FROM = 9  # with each batch from then on, until it dies before its answer
PATIENCE_SECONDS = 60
SLOW = timedelta(hours=2)  # what the phone's clock is behind


def test_hundreds_of_readings_arrive_once_though_the_server_is_killed(
    own_database: str, tmp_path: Path
) -> None:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        world = make_world(articles=1, activities=1, residents=SCANS)
    port = free_port()
    phone = Phone(world.municipality, port, now=lambda: clock.now() - SLOW)
    queue = phone.readings(world.residents)
    platform = Supervisor(tmp_path / "pids")
    web = web_on(own_database, port, tmp_path)
    try:
        platform.start(web)
        platform.wait_until(lambda: answers(port), PATIENCE_SECONDS, "the web server")
        phone.fetch()
        killed = lost = written_unheard = sent = 0
        began = time.monotonic()
        while queue:
            assert time.monotonic() - began < 3 * PATIENCE_SECONDS, f"{len(queue)} still wait"
            platform.tend()
            batch = queue[:BATCH]
            if killed < len(KILLED_AT) and sent == KILLED_AT[killed]:
                killed += 1
                _kill_while_it_works(web, phone, batch)
            elif sent >= KILLED_UNHEARD_FROM and not written_unheard:
                written_unheard += _kill_once_it_is_written(web, phone, batch)
            try:
                answer, said = phone.post(batch)
            except (OSError, http.client.HTTPException):
                lost += 1
                time.sleep(0.2)
                continue
            assert answer.status == http.client.OK, said
            sent += 1
            answered = {one["uuid"] for one in said["answers"]}
            queue = [one for one in queue if one["uuid"] not in answered]
        assert killed == len(KILLED_AT)
        assert lost >= killed, "answers were lost on the way"
        assert written_unheard, "a batch was written and nobody heard of it"
    finally:
        platform.stop()
    assert Scan.objects.filter(clock_off=True).count() == Scan.objects.count() == SCANS
    people = ParticipationRecord.objects.values("resident").distinct().count()
    assert (ParticipationRecord.objects.count(), people) == (SCANS, SCANS)


def _kill_while_it_works(web: Child, phone: Phone, batch: list[dict[str, Any]]) -> None:
    """The batch goes out, and the server dies without a word; what it did of it nobody knows."""
    client = _send(phone, batch)
    time.sleep(0.05)
    _signal(web, signal.SIGKILL)
    client.close()


def _kill_once_it_is_written(web: Child, phone: Phone, batch: list[dict[str, Any]]) -> bool:
    """The server dies after COMMIT and before its answer. False where the answer was faster: then
    it lives, and it can be tried with the next batch.

    It is stopped first, so that nothing can be said while one looks whether something was.
    """
    client = _send(phone, batch)
    with connection.cursor() as cursor:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            cursor.execute("SELECT FROM attendance_scan WHERE uuid = %s", [batch[-1]["uuid"]])
            if cursor.rowcount:
                break
        _signal(web, signal.SIGSTOP)
        assert cursor.rowcount, "the batch was not written"
    time.sleep(0.05)  # what it said before is here by now
    is_unheard = not select.select([client.sock], [], [], 0)[0]
    _signal(web, signal.SIGKILL if is_unheard else signal.SIGCONT)
    if is_unheard:
        with pytest.raises((OSError, http.client.HTTPException)):
            client.getresponse()
    client.close()
    return is_unheard


def _send(phone: Phone, batch: list[dict[str, Any]]) -> http.client.HTTPConnection:
    client = http.client.HTTPConnection("127.0.0.1", phone.port, timeout=30)
    headers = phone.headers | {"Content-Type": "application/json"}
    client.request("POST", "/desk/scans/", body=phone.body(batch), headers=headers)
    return client


def _signal(web: Child, what: signal.Signals) -> None:
    assert web.pid is not None
    os.killpg(os.getpgid(web.pid), what)
