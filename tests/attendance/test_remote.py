"""Activities from afar (R30): six digits within their time, the organiser's word, and no poster."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from attendance.codes import rotating_token
from attendance.codes.day import day_codes
from attendance.models import ParticipationRecord, Scan
from attendance.operations.check_in import check_in
from attendance.operations.session_codes import check_in_by_digits
from attendance.operations.sign_ups import sign_up
from common.refusal import Refused
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.scans import DAY, DURING, a_session, entry, send
from tests.factories.staff import make_member

HOUR = timedelta(hours=1)
OPENS, CLOSES = DURING.replace(hour=8, minute=0), DURING.replace(hour=14, minute=0)


@pytest.fixture(autouse=True)
def long_days(settings):
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 100_000, 100_000


@pytest.fixture
def session(kesennuma, hida):
    """A talk from afar; the other municipality has one at the same time."""
    a_session(hida, title="飛騨の相談会", is_remote=True)
    return a_session(kesennuma, title="販路の相談会", is_remote=True)


def digits_of(session) -> str:
    return day_codes(session.session_uuid, DAY, 1)[0]


def type_them(resident, municipality, digits: str):
    return check_in_by_digits(resident, municipality.code, digits, network="192.0.2.1")


@pytest.mark.parametrize("at", [OPENS, DURING, CLOSES])
def test_the_right_digits_in_their_time_are_a_timed_code(kesennuma, session, at) -> None:
    resident = ResidentFactory()
    with time_machine.travel(at, tick=False):
        assert type_them(resident, kesennuma, digits_of(session)).is_new
        assert not type_them(resident, kesennuma, digits_of(session)).is_new
    record = ParticipationRecord.objects.get()
    assert (record.resident, record.method) == (resident, "timed_code")
    assert record.municipality == kesennuma
    assert {scan.way for scan in Scan.objects.all()} == {"timed_code"}


def test_the_same_digits_at_a_place_are_no_timed_code(kesennuma) -> None:
    at_a_place = a_session(kesennuma)
    with time_machine.travel(DURING):
        type_them(ResidentFactory(), kesennuma, digits_of(at_a_place))
    assert ParticipationRecord.objects.get().method == "day_code"


@pytest.mark.parametrize(
    ("at", "reason", "says"),
    [
        (OPENS - timedelta(minutes=1), "too_early", "まだ受付の時間ではありません"),
        (CLOSES + timedelta(minutes=1), "too_late", "受付の時間は"),
    ],
)
def test_outside_of_their_time_they_are_refused_and_kept(
    kesennuma, session, at, reason, says
) -> None:
    resident, digits = ResidentFactory(), digits_of(session)
    with time_machine.travel(at, tick=False):
        with pytest.raises(Refused) as refused:
            type_them(resident, kesennuma, digits)
        told = signed_in_client(resident.user).post(
            "/c/", {"municipality": kesennuma.code, "digits": digits}
        )
    assert refused.value.code == reason
    assert told.status_code == 409
    assert says in told.content.decode()
    assert not ParticipationRecord.objects.exists()
    assert {(scan.way, scan.reason) for scan in Scan.objects.all()} == {("timed_code", reason)}


def test_digits_of_another_place_or_day_are_refused(kesennuma, hida, session) -> None:
    other_day = day_codes(session.session_uuid, DAY + timedelta(days=1), 1)[0]
    with time_machine.travel(DURING):
        for municipality, digits in ((hida, digits_of(session)), (kesennuma, other_day)):
            with pytest.raises(Refused, match="digits_wrong"):
                type_them(ResidentFactory(), municipality, digits)
    assert not ParticipationRecord.objects.exists()


def test_the_organiser_s_word_counts(kesennuma, session) -> None:
    officer, resident = make_member(kesennuma, Role.ADMINISTRATOR), ResidentFactory()
    with time_machine.travel(DURING - 24 * HOUR):
        place = sign_up(resident, kesennuma, session.session_uuid)
    with time_machine.travel(DURING):
        signed_in_client(officer, kesennuma, admin=True).post(
            f"/admin/sessions/{session.session_uuid}/check-in/",
            {"action": "outcome", "sign_up": str(place.pk), "outcome": "attended", "hours": "1.5"},
        )
    record = ParticipationRecord.objects.get()
    assert (record.resident, record.method, record.hours) == (resident, "organiser", 1.5)
    assert record.recorded_by == officer


def test_a_poster_s_code_is_refused_with_the_reason_and_kept(kesennuma, session) -> None:
    resident, token = ResidentFactory(), venue_token(kesennuma.code, session.session_uuid)
    with time_machine.travel(DURING, tick=False):
        client = signed_in_client(resident.user)
        with pytest.raises(Refused, match="no_venue"):
            check_in(resident, token)
        told = client.get(f"/c/{token}/")
        queued = send(client, "/c/scans/", [entry(token, DURING, 1)], DURING)
        assert not ParticipationRecord.objects.exists()
        # What is on the organiser's screen changes, in a video call too.
        shown = rotating_token(kesennuma.code, session.session_uuid, 1, DURING)
        assert check_in(resident, shown).is_new
    assert told.status_code == 409
    assert "掲示の二次元コードでは記録できません" in told.content.decode()
    assert [one["reason"] for one in queued.json()["answers"]] == ["no_venue"]
    refused = Scan.objects.filter(classification="invalid", reason="no_venue")
    assert [scan.session_uuid for scan in refused] == [session.session_uuid] * 2


def test_there_is_no_poster_to_print_for_staff_and_the_organisation(kesennuma) -> None:
    organisation = make_organisation(kesennuma)
    account = make_organisation_member(organisation).account
    officer = make_member(kesennuma, Role.ADMINISTRATOR)
    own = f"/workspace/{organisation.pk}/"
    with time_machine.travel(DURING - 24 * HOUR):
        clients = (
            signed_in_client(officer, kesennuma, admin=True),
            signed_in_client(account, kesennuma),
        )
        for slug, is_remote in (("near", False), ("far", True)):
            made = a_session(kesennuma, slug=slug, organisation=organisation, is_remote=is_remote)
            posters = (
                f"/admin/sessions/{made.session_uuid}/poster/",
                f"{own}sessions/{made.session_uuid}/poster.pdf",
            )
            lists = (f"/admin/sessions/{made.session_uuid}/check-in/", own)
            for client, poster, shown in zip(clients, posters, lists, strict=True):
                assert client.get(poster).status_code == (404 if is_remote else 200)
                assert (poster in client.get(shown).content.decode()) is not is_remote
