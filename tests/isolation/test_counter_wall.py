"""The counter, the claim and the merge under the run-time login: what each may reach, no more.

Everything is done through the operations and pages themselves, on a database in which it is
really committed; the owner only looks what came of it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import time_machine
from django.db import ProgrammingError, transaction
from django.test import Client

from accounts.enums import Channel
from accounts.models import ClaimCode, CounterEntry, Resident, User
from accounts.operations.claim import check_code, join_account, take_account
from accounts.operations.claim_codes import issue_claim_code
from accounts.operations.merge import merge
from accounts.operations.profile import save_profile
from accounts.rules.claim_codes import read
from activities.models import Session
from attendance.codes import read_token
from attendance.models import ParticipationRecord
from attendance.operations.check_in import check_in
from attendance.queries import participations_of
from certificates.models import Certificate
from community.models import Post
from notifications.models import OutboxMessage
from registration.models import Registration, RegistrationEvent
from registration.operations import register
from registration.operations.counter import Received, enter_person
from registration.queries import possible_duplicates, progress_of
from tenants.actors import RECEPTION, acting, signed_in, staff
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import PEOPLE, ResidentFactory, UserFactory, signed_in_client
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token
from tests.factories.community import make_post, make_room
from tests.factories.counter import BORN, code_of, person
from tests.factories.staff import make_member
from tests.isolation.logins import RUN, at_run_time, logged_in_as


@pytest.fixture(autouse=True)
def _database(own_database: str) -> Iterator[None]:
    connection.set_schema_to_public()
    yield


@pytest.fixture
def kesennuma(own_database: str) -> Municipality:
    return Municipality.objects.get(pk=KESENNUMA)


@pytest.fixture
def hida(own_database: str) -> Municipality:
    return Municipality.objects.get(pk=HIDA)


@pytest.fixture
def officer(kesennuma: Municipality) -> User:
    return make_member(kesennuma, Role.REGISTRATION_OFFICER)


def enter(place: Municipality, by: User, key: UUID | None = None, **changes: Any) -> CounterEntry:
    """As staff enter somebody in the product."""
    data = person(**changes)
    received = Received(key or uuid4(), by, Channel.COUNTER, "綴り3の12")
    with at_run_time(staff(by.pk, place.code), place):
        return enter_person(place, data, received)


def of_resident(resident: Resident) -> Any:
    return at_run_time(signed_in(resident.user_id, resident.pk))


def make_resident(**fields: Any) -> Resident:
    made = ResidentFactory(**fields)
    return Resident.objects.select_related("user", "residence").get(pk=made.pk)


# The counter


def test_staff_enter_somebody_and_read_no_profile(kesennuma, officer) -> None:
    known = make_resident(person=PEOPLE[0])
    entry = enter(kesennuma, officer)
    assert Registration.objects.filter(resident=entry.resident_id).count() == 2
    assert {e.actor_id for e in RegistrationEvent.objects.all()} == {officer.pk}
    with at_run_time(staff(officer.pk, KESENNUMA), kesennuma):
        assert Resident.objects.count() == 0
        assert Resident.objects.filter(pk__in=[entry.resident_id, known.pk]).count() == 0
        assert set(User.objects.values_list("pk", flat=True)) == {officer.pk}
        assert CounterEntry.objects.get().pk == entry.pk
        # The snapshot that the person has disclosed to this municipality, and no other.
        assert Registration.objects.get().number == entry.registration_number


def test_staff_themselves_may_add_neither_account_nor_profile(kesennuma, officer) -> None:
    with at_run_time(staff(officer.pk, KESENNUMA), kesennuma):
        with _refused():
            User.objects.create_user(email=None)
        with _refused():
            Resident.objects.create(user_id=officer.pk + 1, **_profile())


def test_what_stands_in_for_a_person_ends_with_the_operation(kesennuma, officer) -> None:
    data = person()
    with at_run_time(staff(officer.pk, KESENNUMA), kesennuma):
        received = Received(uuid4(), officer, Channel.COUNTER, "綴り3の12")
        enter_person(kesennuma, data, received)
        with connection.cursor() as cursor:
            cursor.execute("SELECT guard.kind(), guard.municipality(), guard.resident()")
            assert cursor.fetchone() == ("staff", KESENNUMA, None)


def test_entries_and_codes_of_another_municipality_are_out_of_reach(
    kesennuma, hida, officer
) -> None:
    elsewhere = enter(hida, make_member(hida, Role.ADMINISTRATOR))
    with at_run_time(staff(officer.pk, KESENNUMA), kesennuma):
        assert CounterEntry.objects.count() == ClaimCode.objects.count() == 0
        assert possible_duplicates(kesennuma, "オノデラ ハル", BORN) == []
        with _refused():
            issue_claim_code(elsewhere, officer)
        with _refused():
            CounterEntry.objects.create(
                resident_id=elsewhere.resident_id,
                municipality=hida,
                entered_by=officer,
                channel="counter",
                paper_kept_at="x",
                registration_number="x",
                at=elsewhere.at,
            )


def test_the_same_form_at_the_same_moment_makes_one_person(kesennuma, officer) -> None:
    data, key, made = person(), uuid4(), []
    barrier = threading.Barrier(2)

    def send() -> None:
        try:
            with acting(staff(officer.pk, KESENNUMA)), municipality_context(kesennuma):
                barrier.wait(timeout=20)
                received = Received(key, officer, Channel.COUNTER, "綴り3の12")
                made.append(enter_person(kesennuma, data, received).pk)
        finally:
            connection.close()

    with logged_in_as(RUN):
        threads = [threading.Thread(target=send) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
    assert len(made) == 2
    assert len(set(made)) == 1
    assert Resident.objects.count() == CounterEntry.objects.count() == 1
    assert User.objects.filter(email=None).count() == 1
    assert Registration.objects.count() == 2


# The claim


def test_the_reception_spends_a_code_and_the_account_is_the_person_s(kesennuma, officer) -> None:
    entry = enter(kesennuma, officer)
    code = read(code_of(entry).replace("-", ""))
    with at_run_time(RECEPTION):
        found = check_code(code, BORN, "192.0.2.7")
        user = take_account(found.pk, "haru@example.jp")
    resident = Resident.objects.get()
    assert resident.user_id == user.pk
    # The municipalities learn the address: the operation reaches registrations for that.
    assert set(Registration.objects.values_list("email", flat=True)) == {"haru@example.jp"}
    with of_resident(resident):
        assert Registration.objects.count() == 2
        assert CounterEntry.objects.count() == 1, "who entered them, they may see"
        assert ClaimCode.objects.count() == 0


@pytest.mark.parametrize("visitor", ["resident", "visitor"])
def test_nobody_but_the_reception_and_the_municipality_sees_codes(
    kesennuma, officer, visitor
) -> None:
    entry = enter(kesennuma, officer)
    resident = make_resident(person=PEOPLE[0])
    actor = signed_in(resident.user_id, resident.pk) if visitor == "resident" else RECEPTION
    with at_run_time(actor):
        assert ClaimCode.objects.count() == (0 if visitor == "resident" else 1)
        assert CounterEntry.objects.count() == 0
    assert entry.pk


def test_the_pages_work_under_the_wall(kesennuma, officer) -> None:
    """The whole way through the portal, as the web process goes it."""
    entry = enter(kesennuma, officer)
    code = code_of(entry)
    client = Client(HTTP_HOST="localhost")
    born = {"birth_date_era": "AD", "birth_date_year": "1927", "birth_date_month": "1"}
    with logged_in_as(RUN):
        step = client.post("/claim/", {"code": code, **born, "birth_date_day": "7"})
        assert step["Location"] == "/claim/address/"
        client.post("/claim/address/", {"email": "haru@example.jp"})
    mailed = _mailed_code()
    with logged_in_as(RUN):
        done = client.post("/claim/confirm/", {"code": mailed})
        assert done["Location"] == "/my/"
        page = client.get("/my/").content.decode()
    assert entry.registration_number in page


def test_who_is_signed_in_joins_under_the_wall(kesennuma, hida, officer) -> None:
    entry = enter(kesennuma, officer)
    own = make_resident(person=PEOPLE[0], birth_date=BORN)
    with of_resident(own):
        register(own, hida)
    code, client = code_of(entry), signed_in_client(own.user)
    born = {"birth_date_era": "AD", "birth_date_year": "1927", "birth_date_month": "1"}
    with logged_in_as(RUN):
        step = client.post("/claim/", {"code": code, **born, "birth_date_day": "7"})
        assert step["Location"] == "/claim/join/"
        assert client.get("/claim/join/").status_code == 200
        assert client.post("/claim/join/")["Location"] == "/my/"
        page = client.get("/my/").content.decode()
    assert entry.registration_number in page
    assert Registration.objects.filter(resident=own).count() == 4


# The merge


@pytest.fixture
def two_accounts(kesennuma, hida) -> tuple[Resident, Resident]:
    """佐藤 花子 twice: both registered and in rooms, both took part in one session at 気仙沼市,
    the second in another too."""
    kept, other = make_resident(person=PEOPLE[0]), make_resident(person=PEOPLE[0])
    for resident, places in ((kept, [kesennuma]), (other, [kesennuma, hida])):
        for place in places:
            with of_resident(resident):
                register(resident, place)
    make_post(hida, other, "こんにちは", room=make_room(hida, "部屋", slug="heya"))
    return kept, other


def test_a_merge_moves_everything_under_the_wall(kesennuma, hida, two_accounts) -> None:
    kept, other = two_accounts
    tokens = [_session_token(kesennuma, "一"), _session_token(kesennuma, "二")]
    for resident, token in ((kept, tokens[0]), (other, tokens[0]), (other, tokens[1])):
        with time_machine.travel(_start(kesennuma, token)), of_resident(resident):
            assert check_in(resident, token).is_new
    with of_resident(kept):
        assert participations_of(kept).count() == 1
        assert merge(kept, other).pk == kept.pk
        assert merge(kept, other).pk == kept.pk, "safe to repeat"
    _look_after(kept, other, hida)
    with of_resident(kept):
        assert {row.resident_id for row in ParticipationRecord.objects.all()} == {kept.pk, other.pk}
        counted = list(participations_of(kept))
        assert len(counted) == 2, "one of each session"
        with time_machine.travel(counted[0].starts_at + timedelta(days=1)):
            assert {p.municipality.code: len(p.records) for p in progress_of(kept)}[KESENNUMA] == 2
        with time_machine.travel(_start(kesennuma, tokens[1])):
            again = check_in(kept, tokens[1])
    assert not again.is_new, "the other account was there already"
    assert again.record.resident_id == other.pk
    assert ParticipationRecord.objects.count() == 3


def _look_after(kept: Resident, other: Resident, hida: Municipality) -> None:
    assert Registration.objects.filter(resident=other).count() == 0
    assert Certificate.objects.filter(resident=other).count() == 0
    active = Registration.objects.filter(resident=kept, status="active")
    assert active.count() == 4
    for registration in active:
        assert registration.certificates.filter(status="issued").count() == 1
    with municipality_context(hida):
        assert Post.objects.get().author_id == kept.pk
    with public_context():
        gone = Resident.objects.select_related("user").get(pk=other.pk)
    assert gone.merged_into_id == kept.pk
    assert (gone.family_name, gone.address_line, gone.phone) == ("", "", "")
    assert not gone.user.is_active
    assert gone.user.email is None


def test_what_is_read_together_is_found_by_index_under_the_wall(two_accounts) -> None:
    kept, _other = two_accounts
    with of_resident(kept):
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
        plans = [
            participations_of(kept).order_by().explain(),
            Registration.objects.filter(resident=kept).order_by().explain(),
        ]
    for plan in plans:
        assert "Seq Scan on attendance_participationrecord" not in plan, plan
        assert "Seq Scan on registration_registration" not in plan, plan


def test_nobody_else_reads_rows_of_the_merged_account(kesennuma, two_accounts) -> None:
    kept, other = two_accounts
    stranger = make_resident(person=PEOPLE[1])
    with of_resident(kept):
        merge(kept, other)
    with of_resident(stranger):
        assert Resident.objects.count() == 1
        assert Registration.objects.count() == Certificate.objects.count() == 0
    with of_resident(kept):
        assert {row.pk for row in Resident.objects.all()} == {kept.pk, other.pk}


def test_nobody_declares_another_account_their_own(two_accounts) -> None:
    """Injected: what one may write is one's own row, and that gives others more, not oneself."""
    kept, other = two_accounts
    with of_resident(kept):
        assert Resident.objects.filter(pk=other.pk).update(merged_into=kept) == 0
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE public.accounts_resident SET merged_into_id = %s WHERE id = %s",
                [kept.pk, other.pk],
            )
            assert cursor.rowcount == 0


def test_a_third_account_follows_to_the_last_that_is_kept(kesennuma, two_accounts) -> None:
    kept, other = two_accounts
    third = make_resident(person=PEOPLE[0])
    with of_resident(third):
        register(third, kesennuma)
    token = _session_token(kesennuma, "三")
    with time_machine.travel(_start(kesennuma, token)), of_resident(third):
        check_in(third, token)
    with of_resident(other):
        merge(other, third)
    with of_resident(kept):
        merge(kept, other)
        assert participations_of(kept).count() == 1
    assert set(Resident.objects.exclude(pk=kept.pk).values_list("merged_into", flat=True)) == {
        kept.pk
    }


def test_a_profile_copied_from_paper_is_written_as_its_owner(kesennuma, officer) -> None:
    """Signed in, without a profile of one's own: the one on paper becomes it."""
    entry = enter(kesennuma, officer)
    user = UserFactory()
    code = read(code_of(entry).replace("-", ""))
    with at_run_time(RECEPTION):
        resident = join_account(check_code(code, BORN, "192.0.2.7").pk, user)
    assert resident.name == "小野寺 ハル"
    assert resident.user_id == user.pk
    assert Registration.objects.filter(resident=resident, status="active").count() == 2


def test_a_move_is_judged_under_the_wall(kesennuma, two_accounts) -> None:
    kept, _other = two_accounts
    data = person(residence=kesennuma.local_government, postal_code="9880017")
    assert Registration.objects.filter(resident=kept, lives_here=True).count() == 2
    data["residence"] = type(data["residence"]).objects.get(pk="131016")
    with of_resident(kept):
        save_profile(kept.user, data)
    assert Registration.objects.filter(resident=kept, lives_here=True).count() == 0


def _profile() -> dict[str, Any]:
    data = person()
    data["residence_id"] = data.pop("residence").pk
    return data


def _session_token(place: Municipality, title: str) -> str:
    page = make_activity(place, title=title, slug=f"katsudou-{uuid4().hex[:8]}",
                         sessions=[session_values()])  # fmt: skip
    with municipality_context(place):
        return venue_token(place.code, page.sessions.get().uuid)


def _start(place: Municipality, token: str) -> Any:
    with municipality_context(place):
        return Session.objects.get(uuid=read_token(token).session_uuid).starts_at


def _mailed_code() -> str:
    mail = OutboxMessage.objects.filter(kind="mail", payload__to=["haru@example.jp"]).latest("pk")
    found = re.search(r"\d{4}-\d{4}", mail.payload["body"])
    assert found
    return found.group()


@contextmanager
def _refused() -> Iterator[None]:
    """What happens inside is refused for want of a right, by PostgreSQL itself."""
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        yield
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege), raised.value
