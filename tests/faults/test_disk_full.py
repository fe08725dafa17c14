"""A full disk (hard case 30): a clear 503, nothing half written, and it goes on by itself.

The database says of the tables of a check-in what PostgreSQL says when a file cannot grow. The
server's process is the same before, meanwhile and afterwards.
"""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from attendance.models import ParticipationRecord, Scan, Unsealed
from benchmarks.world import make_world, signed_in_cookies
from launcher.processes import Supervisor
from notifications.models import OutboxMessage
from tests.factories.codes import venue_token
from tests.faults.phones import Phone, answers, free_port, web_on

pytestmark = pytest.mark.journey
PATIENCE_SECONDS = 60
FULL = """
CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE 'could not extend file "base/1/2": No space left on device'
    USING ERRCODE = '53100', DETAIL = 'a row with 佐藤 花子';
END $$
"""


@contextmanager
def full_disk(table: str) -> Iterator[None]:
    """From the next row of `table` on there is no room."""
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        cursor.execute(
            f"CREATE TRIGGER zz_no_room AFTER INSERT ON public.{table}"
            " FOR EACH ROW EXECUTE FUNCTION public.no_room()"
        )
        yield
        cursor.execute("DROP FUNCTION public.no_room() CASCADE")


def rows() -> list[int]:
    tables = (Scan, ParticipationRecord, Unsealed, OutboxMessage)
    return [table.objects.count() for table in tables]


def test_nothing_is_half_written_and_it_goes_on_without_a_restart(
    own_database: str, tmp_path: Path
) -> None:
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        world = make_world(articles=1, activities=1, residents=8)
    cookies = signed_in_cookies(world.residents)
    path = f"/c/{venue_token(world.municipality.code, world.session_uuid)}/"
    port = free_port()
    phone = Phone(world.municipality, port)
    platform = Supervisor(tmp_path / "pids")
    web = web_on(own_database, port, tmp_path)

    def by_poster(number: int) -> tuple[http.client.HTTPResponse, str]:
        cookie, csrf = cookies[number]
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        client.request(
            "POST",
            path,
            body=f"csrfmiddlewaretoken={csrf}",
            headers={
                "Host": "localhost",
                "Cookie": cookie,
                "Accept": "text/html,application/xhtml+xml",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        answer = client.getresponse()
        return answer, answer.read().decode()

    try:
        platform.start(web)
        platform.wait_until(lambda: answers(port), PATIENCE_SECONDS, "the web server")
        process = web.pid
        phone.fetch()
        batch = phone.readings(world.residents[:4])
        assert phone.post(batch[:1])[0].status == http.client.OK
        assert by_poster(4)[0].status == http.client.OK
        before = rows()
        assert before[:2] == [2, 2]
        for table in ("attendance_scan", "attendance_participationrecord"):
            with full_disk(table):
                answer, said = phone.post(batch)
                assert (answer.status, said) == (503, {"error": "out_of_order"})
                assert int(answer.headers["Retry-After"]) > 0
                answer, page = by_poster(5)
                assert answer.status == 503
                assert int(answer.headers["Retry-After"]) > 0
                assert answer.headers["Content-Security-Policy"]
                assert "<h1>ただいま手続きができません</h1>" in page
                assert rows() == before, f"{table}: nothing, not a part of it"
        answer, said = phone.post(batch)
        assert answer.status == http.client.OK
        assert [one["uuid"] for one in said["answers"]] == [one["uuid"] for one in batch]
        assert by_poster(5)[0].status == http.client.OK
        assert web.pid == process, "nobody has started it anew"
    finally:
        platform.stop()
    assert rows()[:3] == [6, 6, 6]
    log = (tmp_path / "web.log").read_text()
    said_so = [line for line in log.splitlines() if "No space left" in line]
    assert len(said_so) == 4, "once for each answer"
    assert all("ERROR" in line and "DiskFull 53100" in line for line in said_so)
    assert not [word for word in ("Traceback", "佐藤", path.strip("/")) if word in log]
