"""Lists from before the platform under the run-time login: who reads what waits, who claims it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from accounts.models import User
from attendance.models import EarlierRecord, ImportBatch, ParticipationRecord
from attendance.operations.earlier.claims import claim_by_code, claim_by_name
from attendance.operations.earlier.codes import issue_code, printable_code
from attendance.operations.earlier.deciding import give_to
from attendance.operations.earlier.undoing import undo_batch
from common.refusal import Refused
from registration.operations import leave, register
from registration.queries import active_registration
from tenants.actors import RECEPTION, VISITOR, Actor, signed_in, staff, worker
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import HIDA, KESENNUMA
from tests.factories.earlier import HANAKO, hanako, of_taro, row, take
from tests.factories.staff import make_member
from tests.isolation.logins import at_run_time

HERE = "192.0.2.1"


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


def taken(place: Municipality, officer: User) -> None:
    with at_run_time(staff(officer.pk, place.code), place):
        take(place, officer, [row(), row(活動日="R8.4.13"), of_taro()])


def seen_by(actor: Actor, place: Municipality | None = None) -> tuple[int, int]:
    with at_run_time(actor, place):
        return EarlierRecord.objects.count(), ImportBatch.objects.count()


def test_only_the_municipality_s_staff_read_what_waits(kesennuma, hida, officer):
    taken(kesennuma, officer)
    resident = hanako()
    assert seen_by(staff(officer.pk, kesennuma.code), kesennuma) == (3, 1)
    assert seen_by(staff(officer.pk, hida.code), hida) == (0, 0)
    for actor in (signed_in(resident.user_id, resident.pk), RECEPTION, VISITOR, worker(hida.code)):
        assert seen_by(actor) == (0, 0), actor


def test_who_registers_finds_theirs_and_reads_nobody_else_s(kesennuma, officer):
    taken(kesennuma, officer)
    resident = hanako()
    with at_run_time(signed_in(resident.user_id, resident.pk)):
        register(resident, kesennuma)
        assert [one.row_number for one in EarlierRecord.objects.all()] == [2, 3]
        assert ParticipationRecord.objects.count() == 2


def test_what_was_taken_back_comes_again_whoever_finds_it(kesennuma, hida, officer):
    """By the staff who send the list again, and by the person who registers again."""
    resident = hanako()
    clerk, person = staff(officer.pk, kesennuma.code), signed_in(resident.user_id, resident.pk)
    with at_run_time(person):
        register(resident, kesennuma)
    for comes_later in (False, True):
        with at_run_time(clerk, kesennuma):
            batch = take(kesennuma, officer, [row()]).batch
            undo_batch(kesennuma, batch.pk, officer, "もう一度送ります")
        assert not ParticipationRecord.objects.counted().exists()
        if comes_later:
            with at_run_time(person):
                held = active_registration(resident.pk, kesennuma)
                assert held is not None
                leave(held)
        with at_run_time(clerk, kesennuma):
            take(kesennuma, officer, [row()])
        if comes_later:
            assert not ParticipationRecord.objects.counted().exists()
            with at_run_time(person):
                register(resident, kesennuma)
        assert ParticipationRecord.objects.counted().count() == 1
        with at_run_time(clerk, kesennuma):
            newest = ImportBatch.objects.order_by("-pk")[0]
            undo_batch(kesennuma, newest.pk, officer, "次の場合のために")


def test_claims_reach_the_ledger_under_the_walls(kesennuma, hida, officer):
    taken(kesennuma, officer)
    with at_run_time(staff(officer.pk, kesennuma.code), kesennuma):
        code = issue_code(EarlierRecord.objects.order_by("pk")[2], officer)
        written = printable_code(code, officer).replace("-", "")
    taro, changed = hanako(family_name="山田"), hanako(family_name="山本")
    with at_run_time(signed_in(taro.user_id, taro.pk)):
        with pytest.raises(Refused, match="earlier_wrong"):
            claim_by_code(taro, "0" * 12, HERE)
        assert len(claim_by_code(taro, written, HERE)) == 1
        assert EarlierRecord.objects.count() == 1
    with at_run_time(signed_in(changed.user_id, changed.pk)):
        about = (HANAKO["birth_date"], HANAKO["phone"], HERE)
        with pytest.raises(Refused, match="earlier_wrong"):
            claim_by_name(changed, hida, "藤原 花子", *about)
        assert len(claim_by_name(changed, kesennuma, "藤原 花子", *about)) == 2
        assert ParticipationRecord.objects.count() == 2


def test_staff_decide_and_take_back_under_the_walls(kesennuma, hida, officer):
    resident = hanako(phone="0226226600")
    with at_run_time(signed_in(resident.user_id, resident.pk)):
        register(resident, kesennuma)
    taken(kesennuma, officer)
    elsewhere = make_member(hida, Role.ADMINISTRATOR)
    with at_run_time(staff(elsewhere.pk, hida.code), hida):
        with pytest.raises(ImportBatch.DoesNotExist):
            undo_batch(kesennuma, 1, elsewhere, "他の自治体")
    with at_run_time(staff(officer.pk, kesennuma.code), kesennuma):
        first, _second, third = EarlierRecord.objects.order_by("pk")
        give_to(kesennuma, first.pk, resident.pk, officer)
        assert ParticipationRecord.objects.get().resident_id == resident.pk
        with pytest.raises(Refused, match="no_candidate"):
            give_to(kesennuma, third.pk, resident.pk, officer)
