"""Reading the venue's code: recorded once, inside the window, for the right session."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.translation import gettext

from attendance.codes import read_token
from attendance.codes import venue_token as made
from attendance.models import ParticipationRecord
from attendance.operations.check_in import check_in
from attendance.operations.scans.places import forget_venues
from common.clock import TOKYO
from common.refusal import Refused
from organisations.enums import Pattern
from organisations.models import Standing
from organisations.operations.standings import give_standing
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory, sign_in
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.organisations import make_organisation

DAY = date(2026, 11, 23)
DURING = datetime(2026, 11, 23, 9, 40, tzinfo=TOKYO)


def make_token(municipality: Municipality, **fields: Any) -> str:
    """The code of a session of `municipality` on the day from 9:00 to 12:00."""
    sessions = [session_values(DAY, start=time(9), hours=3)]
    page = make_activity(municipality, sessions=sessions, **fields)
    with municipality_context(municipality):
        return venue_token(municipality.code, page.sessions.get().uuid)


@pytest.fixture
def token(kesennuma: Municipality, hida: Municipality) -> str:
    """A code of the one municipality; the other has a session at the same time."""
    make_token(hida)
    return make_token(kesennuma)


@pytest.fixture
def token_of_trusted(kesennuma: Municipality) -> str:
    """A code of an activity that counts because its organisation is trusted, since April."""
    organisation = make_organisation(
        kesennuma, valid_from=date(2026, 1, 1), valid_to=date(2026, 3, 31)
    )
    give_standing(
        organisation,
        kesennuma,
        pattern=Pattern.TRUSTED,
        valid_from=date(2026, 4, 1),
        decided_by=None,
    )
    with time_machine.travel(DURING):  # it counts from the day it is published
        return make_token(kesennuma, organisation=organisation, designated=False)


@time_machine.travel(DURING)
def test_a_code_read_many_times_makes_one_record(token: str) -> None:
    resident, other = ResidentFactory(), ResidentFactory()
    assert check_in(resident, token).is_new
    assert not check_in(resident, token).is_new
    assert check_in(other, token).is_new
    record = ParticipationRecord.objects.get(resident=resident)
    assert record.municipality_id == "042056"
    assert record.session_date == DAY
    assert record.designated
    assert record.hours == 3
    assert ParticipationRecord.objects.count() == 2


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        (datetime(2026, 11, 23, 7, 59, tzinfo=TOKYO), "too_early"),
        (datetime(2026, 11, 23, 14, 1, tzinfo=TOKYO), "too_late"),
        (datetime(2026, 11, 24, 9, 40, tzinfo=TOKYO), "too_late"),
    ],
)
def test_outside_the_window_nothing_is_recorded(token: str, at: datetime, refusal: str) -> None:
    resident = ResidentFactory()
    with time_machine.travel(at), pytest.raises(Refused) as refused:
        check_in(resident, token)
    assert refused.value.code == refusal
    assert not ParticipationRecord.objects.exists()


@time_machine.travel(DURING)
def test_an_altered_code_is_refused(token: str) -> None:
    altered = ("A" if token[10] != "A" else "B").join([token[:10], token[11:]])
    with pytest.raises(Refused) as refused:
        check_in(ResidentFactory(), altered)
    assert refused.value.code == "code_invalid"


@time_machine.travel(DURING)
def test_a_code_signed_for_another_municipality_finds_no_session(
    token: str, hida: Municipality
) -> None:
    elsewhere = made(hida.code, read_token(token).session_uuid, DAY, 1)
    with pytest.raises(Refused) as refused:
        check_in(ResidentFactory(), elsewhere)
    assert refused.value.code == "session_gone"


@time_machine.travel(DURING)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE attendance_participationrecord SET hours = 100",
        "DELETE FROM attendance_participationrecord",
        "TRUNCATE attendance_participationrecord CASCADE",
    ],
)
def test_the_database_refuses_to_change_the_ledger(token: str, statement: str) -> None:
    check_in(ResidentFactory(), token)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for no deferred check
        cursor.execute(statement)
    assert ParticipationRecord.objects.count() == 1


@time_machine.travel(DURING)
def test_the_page_asks_once_and_records_on_post(token: str, client: Client) -> None:
    resident = ResidentFactory(family_name="髙橋", given_name="𠮷子")
    sign_in(client, resident.user)
    page = client.get(f"/c/{token}/", headers={"host": "localhost"})
    assert page.status_code == 200
    assert "髙橋 𠮷子" in page.content.decode()
    assert not ParticipationRecord.objects.exists(), "opening the page writes nothing"
    done = client.post(f"/C/{token}", headers={"host": "localhost"})
    assert done.status_code == 200
    assert ParticipationRecord.objects.get().resident == resident


@time_machine.travel(DURING)
def test_who_is_not_signed_in_comes_back_to_the_code(token: str, client: Client) -> None:
    answer = client.get(f"/c/{token}/", headers={"host": "localhost"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/")
    assert token in answer["Location"]


@time_machine.travel(DURING + timedelta(days=1))
def test_a_refusal_is_a_plain_sentence(token: str, client: Client) -> None:
    sign_in(client, ResidentFactory().user)
    answer = client.post(f"/c/{token}/", headers={"host": "localhost"})
    assert answer.status_code == 409
    assert "11月23日" in answer.content.decode()


@time_machine.travel(DURING)
def test_the_ledger_keeps_on_what_ground_the_activity_counted(token_of_trusted: str) -> None:
    record = check_in(ResidentFactory(), token_of_trusted).record
    standing = Standing.objects.get(pattern=Pattern.TRUSTED)
    assert record.designation_basis.startswith("pattern=2;designation=")
    assert record.designation_basis.endswith(f";standing={standing.pk}")
    assert ParticipationRecord.objects.get(pk=record.pk).designation_basis


@time_machine.travel(DURING)
def test_a_check_in_takes_eight_statements_and_less_once_the_venue_is_known(
    token_of_trusted: str,
    client: Client,
    settings,
    django_assert_num_queries,
) -> None:
    """Changes of the schema included; of an organisation whose standing counts too (R17)."""
    sign_in(client, ResidentFactory().user)
    client.get(f"/c/{token_of_trusted}/", headers={"host": "localhost"})
    connection.set_schema_to_public()
    settings.VENUE_SECONDS = 5
    forget_venues()
    for statements, words in (
        (8, gettext("Thank you for taking part.")),
        (6, gettext("It had been recorded already. It counts once.")),
    ):
        with django_assert_num_queries(statements):
            answer = client.post(f"/c/{token_of_trusted}/", headers={"host": "localhost"})
        assert words in answer.content.decode()
    assert ParticipationRecord.objects.count() == 1


@time_machine.travel(DURING)
@pytest.mark.parametrize("made_up", [True, False])
def test_the_pages_say_whether_this_municipality_is_a_demonstration(
    token: str, client: Client, kesennuma: Municipality, hida: Municipality, made_up: bool
) -> None:
    for municipality, is_demonstration in ((kesennuma, made_up), (hida, not made_up)):
        municipality.is_demonstration = is_demonstration
        municipality.save()
    sign_in(client, ResidentFactory().user)
    for visit in (client.get, client.post):
        page = visit(f"/c/{token}/", headers={"host": "localhost"})
        assert ('class="demonstration"' in page.content.decode()) is made_up


def test_two_phones_at_the_same_moment_make_one_record(own_database: str) -> None:
    token = make_token(Municipality.objects.get(pk="042056"))
    resident = ResidentFactory()

    def scan(_: int) -> bool:
        try:
            return check_in(resident, token).is_new
        finally:
            connection.close()

    with time_machine.travel(DURING), ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(scan, range(8)))
    assert sum(outcomes) == 1
    assert ParticipationRecord.objects.filter(resident=resident).count() == 1
