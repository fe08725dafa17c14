"""Recorded in two municipalities at once: listed in both, and neither learns where else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import ProgrammingError, connection
from django.test.utils import CaptureQueriesContext

from attendance.models import ParticipationRecord, Scan
from attendance.operations.ledger.amend import restore, void
from attendance.operations.scans.overview import recorded_elsewhere
from common import clock
from tenants.actors import (
    VISITOR,
    Actor,
    ActorKind,
    device,
    organisation,
    signed_in,
    staff,
    worker,
)
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.holdings import took_part
from tests.factories.scans import DURING, a_session
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as

HOUR = timedelta(hours=1)


@pytest.fixture
def places(own_database: str) -> tuple[Municipality, Municipality]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    return here, there


def asked(session: UUID) -> list[int]:
    """What the database itself answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT guard.elsewhere(%s)", [session])
        return [number for (number,) in cursor.fetchall()]


def listed(place: Municipality, officer: Any, session: UUID) -> list[int]:
    with at_run_time(staff(officer.pk, place.code), place):
        return [record.pk for record in recorded_elsewhere(place, session)]


def test_both_see_that_it_overlaps_and_nothing_of_the_other(places) -> None:
    here, there = places
    both, other = ResidentFactory(), ResidentFactory()
    now, session = clock.now(), uuid4()
    ours = took_part(both, here, at=now - 5 * HOUR, session_uuid=session)
    took_part(other, here, at=now - 5 * HOUR, session_uuid=session)
    theirs = took_part(both, there, at=now - 4 * HOUR)
    earlier = took_part(both, here, at=now - 30 * HOUR)
    took_part(both, here, at=now - 4 * HOUR)
    after = took_part(both, here, at=theirs.ends_at)
    officers = {place.code: make_member(place, "administrator") for place in places}
    connection.set_schema_to_public()
    assert listed(here, officers[KESENNUMA], session) == [ours.pk]
    assert listed(there, officers[HIDA], theirs.session_uuid) == [theirs.pk]
    for apart in (earlier, after):
        assert not listed(here, officers[KESENNUMA], apart.session_uuid)
    with at_run_time(staff(officers[KESENNUMA].pk, KESENNUMA), here):
        assert not asked(theirs.session_uuid), "the other's session is nobody's business"
        assert not ParticipationRecord.objects.filter(municipality=there).exists()


@pytest.mark.parametrize("who", [
    "visitor", "resident", "worker", "device", "organisation", "platform", "staff there",
])  # fmt: skip
def test_nobody_but_the_municipality_s_staff_is_answered(places, who: str) -> None:
    here, there = places
    both = ResidentFactory()
    ours, _theirs = took_part(both, here), took_part(both, there)
    account = make_member(there, "administrator").pk
    connection.set_schema_to_public()
    actors: dict[str, Actor] = {
        "visitor": VISITOR,
        "resident": signed_in(both.user_id, both.pk),
        "worker": worker(KESENNUMA),
        "device": device(uuid4()),
        "organisation": organisation(account, 1, KESENNUMA),
        "platform": Actor(ActorKind.PLATFORM, municipality=KESENNUMA),
        "staff there": staff(account, HIDA),
    }
    with at_run_time(actors[who], here):
        assert asked(ours.session_uuid) == []
    with at_run_time(None, here), pytest.raises(ProgrammingError, match="permission denied"):
        asked(ours.session_uuid)


def test_what_was_voided_or_stands_on_a_list_overlaps_with_nothing(places) -> None:
    here, there = places
    both = ResidentFactory()
    ours, theirs = took_part(both, here), took_part(both, there)
    officer, colleague = (make_member(place, "administrator") for place in places)
    on_list = took_part(ResidentFactory(), here)
    took_part(on_list.resident, there, method="imported")
    for amend, found in ((void, []), (restore, [ours.pk])):
        connection.set_schema_to_public()
        with at_run_time(staff(colleague.pk, HIDA), there):
            amend(theirs, colleague, "名簿の誤り")
        assert listed(here, officer, ours.session_uuid) == found
    connection.set_schema_to_public()
    with at_run_time(staff(officer.pk, KESENNUMA), here):
        void(ours, officer, "名簿の誤り")
    assert not listed(here, officer, ours.session_uuid)
    assert not listed(here, officer, on_list.session_uuid)


def test_a_session_of_more_than_a_day_asks_nothing(places) -> None:
    """Wide ones are how one would search for somebody; of a day, and its last moment, it does."""
    here, there = places
    both = ResidentFactory()
    at = clock.now() - 48 * HOUR
    took_part(both, there, at=at)
    day, longer = (
        took_part(both, here, at=at, ends_at=at + length)
        for length in (24 * HOUR, 24 * HOUR + timedelta(seconds=1))
    )
    officer = make_member(here, "administrator")
    connection.set_schema_to_public()
    with at_run_time(staff(officer.pk, KESENNUMA), here):
        assert asked(day.session_uuid) == [day.pk]
        assert asked(longer.session_uuid) == []


def test_it_stands_on_the_page_of_the_check_in(places, settings) -> None:
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 100_000, 100_000
    here, there = places
    officer = make_member(here, "administrator")
    session = a_session(here)
    path = f"/admin/sessions/{session.session_uuid}/check-in/"
    statements = []
    with time_machine.travel(DURING, tick=False):
        desk = signed_in_client(officer, here, admin=True)
        desk.get(path)
        for number in (1, 3):
            for _one in range(number):
                both = ResidentFactory()
                record = took_part(
                    both, here, session_uuid=session.session_uuid, at=session.starts_at
                )
                took_part(both, there, at=session.starts_at, activity_title="古民家の障子張り")
            connection.set_schema_to_public()
            with logged_in_as(RUN), CaptureQueriesContext(connection) as queries:
                page = desk.get(path).content.decode()
            statements.append(len(queries))
    assert not Scan.objects.exists(), "also who was entered by hand"
    assert page.count("同じ時間帯に別の自治体での記録があります。") == 1
    assert f"/admin/sessions/{session.session_uuid}/participants/{record.pk}/" in page
    assert "障子" not in page
    assert there.name not in page
    assert statements[0] == statements[1]
