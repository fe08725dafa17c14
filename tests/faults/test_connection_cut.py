"""The connection to the database is cut in the middle of a transaction (hard case 30).

One process, one thread: the request that comes next is answered by the one whose connection is
gone, for another municipality.
"""

from __future__ import annotations

import http.client
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.test import override_settings

from attendance.models import ParticipationRecord, Scan
from benchmarks.world import make_world
from launcher.processes import Supervisor
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.faults.phones import Phone, answers, free_port, web_on

pytestmark = pytest.mark.journey
PATIENCE_SECONDS = 60
# Notes as whom and where each row of the ledger is written.
WITNESS = """
CREATE SCHEMA witness;
CREATE TABLE witness.seen (role text, path text, municipality text);
GRANT USAGE ON SCHEMA witness TO PUBLIC;
GRANT INSERT ON witness.seen TO PUBLIC;
CREATE FUNCTION witness.see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO witness.seen
    VALUES (current_user, current_setting('search_path'), NEW.municipality_id);
    RETURN NULL;
END $$;
CREATE TRIGGER zz_witness AFTER INSERT ON public.attendance_participationrecord
    FOR EACH ROW EXECUTE FUNCTION witness.see();
"""


def _waiting(holder: psycopg.Connection) -> int:
    """The server process that waits for what `holder` holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = holder.execute(
            "SELECT pid FROM pg_locks WHERE NOT granted"
            " AND relation = 'public.attendance_participationrecord'::regclass"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone()
        if found:
            return int(found[0])
        time.sleep(0.02)
    raise AssertionError("nobody waits")


def test_all_is_rolled_back_and_the_next_request_is_another_municipality_s(
    own_database: str, tmp_path: Path
) -> None:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        world = make_world(articles=1, activities=1, residents=3)
    port = free_port()
    here = Phone(Municipality.objects.get(pk=KESENNUMA), port)
    there = Phone(Municipality.objects.get(pk=HIDA), port)
    parameters = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    parameters = {name: parameters[name] for name in names if name in parameters}
    platform = Supervisor(tmp_path / "pids")
    web = web_on(own_database, port, tmp_path, threads=1)
    try:
        platform.start(web)
        platform.wait_until(lambda: answers(port), PATIENCE_SECONDS, "the web server")
        process = web.pid
        for phone in (here, there):
            phone.fetch()
        with connection.cursor() as cursor:
            cursor.execute(WITNESS)
        batch = here.readings(world.residents)
        with psycopg.connect(**parameters) as holder, ThreadPoolExecutor(1) as sending:
            holder.execute("LOCK TABLE public.attendance_participationrecord IN EXCLUSIVE MODE")
            sent = sending.submit(here.post, batch)
            # What `pg_terminate_backend` does, which the owner may not do to the web's login.
            os.kill(_waiting(holder), signal.SIGTERM)
            answer, said = sent.result(timeout=PATIENCE_SECONDS)
            holder.rollback()
        assert (answer.status, said) == (503, {"error": "out_of_order"})
        assert answer.headers["Retry-After"]
        assert (Scan.objects.count(), ParticipationRecord.objects.count()) == (0, 0)
        for phone, scans in ((there, there.readings(world.residents)), (here, batch)):
            answer, said = phone.post(scans)
            assert answer.status == http.client.OK
            assert {one["classification"] for one in said["answers"]} == {"counted"}
        assert web.pid == process, "nobody has started it anew"
    finally:
        platform.stop()
    with connection.cursor() as cursor:
        cursor.execute("SELECT role, path, municipality FROM witness.seen")
        seen = cursor.fetchall()
    assert [row[2] for row in seen] == [HIDA] * 3 + [KESENNUMA] * 3
    for role, path, code in seen:
        assert role == connection.role_of(f"m{code}")
        assert path.split(",")[0].strip(' "') == f"m{code}"
    log = (tmp_path / "web.log").read_text()
    assert "Traceback" not in log
    assert log.count("out of order") == 1
