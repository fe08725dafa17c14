"""What a guardian, a child and staff can reach of each other, whatever our code asks for.

Under the login of web and worker. The guardian sees three tables' rows of the children they have
agreed for, on the one page that says it is looking (actor `guardian`), and nothing otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident, User
from attendance.models import ParticipationRecord, SignUp
from common import clock
from identity.models import ComingOfAge, GuardianConsent, GuardianInvitation
from identity.operations.coming_of_age import close_consents_of_adults
from identity.operations.counter_consents import record_at_counter, withdraw_at_counter
from identity.operations.guardians import (
    ask_guardian,
    expire_invitations,
    give_consent,
    withdraw,
)
from identity.queries import children_of, consent_of, standing_of
from identity.registry import directory
from notifications.models import OutboxMessage
from portal.queries import joined_by_children
from registration.models import Registration
from tenants.actors import VISITOR, Actor, guardian, signed_in, staff, worker
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA, SentMails
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.community import make_post
from tests.factories.guardians import (
    birth_date_at,
    make_consent,
    make_guardian,
    make_minor,
    token_in,
    verify,
)
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.access_world import _take_part as take_part
from tests.isolation.logins import at_run_time

JOINED = (Registration, SignUp, ParticipationRecord)


@dataclass
class Family:
    """Two children of one guardian, one of them agreed for; a stranger's child; staff."""

    guardian: Resident
    child: Resident
    other_child: Resident
    strangers: Resident
    officer: User
    consent: GuardianConsent
    here: Municipality

    def looking(self) -> Actor:
        return guardian(self.guardian.user_id, self.guardian.pk)

    def as_usual(self) -> Actor:
        return signed_in(self.guardian.user_id, self.guardian.pk)

    def own(self, resident: Resident) -> Actor:
        return signed_in(resident.user_id, resident.pk)

    def desk(self) -> Actor:
        return staff(self.officer.pk, self.here.code)


@pytest.fixture
def family(own_database: str) -> Iterator[Family]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    adult = make_guardian()
    child, other_child, strangers = make_minor(), make_minor(), make_minor()
    consent = make_consent(child, adult)
    make_consent(strangers)
    for one in (child, other_child, strangers):
        verify(one)
        register_resident(one, here)
    register_resident(child, there)
    activity = make_activity(here, sessions=[session_values()])
    with municipality_context(here):
        session = activity.sessions.get().uuid
    for one in (child, strangers):
        take_part(one, here, session)
        make_post(here, one, "だれにも見せない")
    officer = make_member(here, "registration_officer")
    connection.set_schema_to_public()
    yield Family(adult, child, other_child, strangers, officer, consent, here)


def seen(model: Any) -> set[Any]:
    return {row.resident_id for row in model.objects.only("resident_id")}


def refused(statement: str, parameters: Any = None) -> None:
    with (
        pytest.raises(ProgrammingError) as raised,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, parameters)
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege)


def changed(statement: str, parameters: Any = None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        transaction.set_rollback(True)
        return int(cursor.rowcount)


def rows_of(resident: Resident) -> dict[str, int]:
    """In every shared table that names residents: how many rows of this one can be read."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'resident_id'"
        )
        found = {}
        for (table,) in cursor.fetchall():
            cursor.execute(
                f"SELECT count(*) FROM public.{table} WHERE resident_id = %s", [resident.pk]
            )
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM public.accounts_resident WHERE id = %s", [resident.pk])
        found["accounts_resident"] = cursor.fetchone()[0]
        cursor.execute(
            "SELECT count(*) FROM public.accounts_user WHERE id = %s", [resident.user_id]
        )
        found["accounts_user"] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


# What the guardian reads


def test_looking_shows_three_tables_rows_of_the_child_agreed_for(family: Family) -> None:
    with at_run_time(family.looking()):
        for model in JOINED:
            assert seen(model) == {family.child.pk}
        assert set(rows_of(family.child)) == {
            "registration_registration",
            "attendance_signup",
            "attendance_participationrecord",
            # The consent itself and the invitation, which the guardian gave and took up.
            "identity_guardianconsent",
            "identity_guardianinvitation",
        }
        assert rows_of(family.other_child) == rows_of(family.strangers) == {}


def test_whatever_else_the_guardian_does_shows_nothing_the_child_has_joined(
    family: Family,
) -> None:
    with at_run_time(family.as_usual()):
        for model in JOINED:
            assert seen(model) == set()
        assert set(rows_of(family.child)) == {
            "identity_guardianconsent",
            "identity_guardianinvitation",
        }


def test_a_guardian_changes_nothing_of_the_child_s(family: Family) -> None:
    with at_run_time(family.looking()):
        assert changed("UPDATE registration_registration SET status = 'ended'") == 0
        assert changed("UPDATE attendance_signup SET status = 'withdrawn'") == 0
        refused("UPDATE attendance_participationrecord SET hours = 0")
        refused("DELETE FROM registration_registration")


def test_the_page_gives_exactly_that(family: Family) -> None:
    with at_run_time(family.as_usual()):
        [one] = joined_by_children(family.guardian)
    assert one.name == family.child.name
    assert {joined.municipality for joined in one.registrations} == {
        "宮城県気仙沼市",
        "宮城県",
        "岐阜県飛騨市",
        "岐阜県",
    }
    assert [joined.title for joined in one.participations] == ["内湾の清掃活動"]


def test_once_it_is_withdrawn_the_database_shows_nothing(family: Family) -> None:
    with at_run_time(family.as_usual()):
        withdraw(family.consent.pk, family.guardian)
        assert joined_by_children(family.guardian) == []
    with at_run_time(family.looking()):
        for model in JOINED:
            assert seen(model) == set()


def test_nor_once_the_child_is_of_age(family: Family) -> None:
    Resident.objects.filter(pk=family.child.pk).update(birth_date=birth_date_at(18))
    proof = family.child.verifications.get()
    proof.attributes |= {"birth_date": birth_date_at(18).isoformat()}
    proof.save(update_fields=["attributes"])
    with at_run_time(family.as_usual()):
        assert children_of(family.guardian) == []  # from the first second on
    with at_run_time(worker()):
        assert close_consents_of_adults() == 1
        assert ComingOfAge.objects.get().resident_id == family.child.pk
    with at_run_time(family.looking()):
        for model in JOINED:
            assert seen(model) == set()  # and here once the worker has come round
    with at_run_time(family.own(family.child)):
        assert ComingOfAge.objects.count() == 1
    with at_run_time(family.own(family.strangers)):
        assert ComingOfAge.objects.count() == 0


@pytest.mark.parametrize("kind", ["visitor", "stranger", "child", "staff", "worker"])
def test_nobody_else_is_a_guardian(family: Family, kind: str) -> None:
    stranger = ResidentFactory()
    actor = {
        "visitor": VISITOR,
        "stranger": guardian(stranger.user_id, stranger.pk),
        "child": guardian(family.child.user_id, family.child.pk),
        "staff": family.desk(),
        "worker": worker(),
    }[kind]
    with at_run_time(actor), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM guard.children()")
        assert cursor.fetchone() == (0,)


# Who consents


def consent_row(family: Family, **values: Any) -> GuardianConsent:
    fields = {
        "resident": family.other_child,
        "guardian": family.guardian,
        "relation": "parent",
        "terms": family.consent.terms,
        "method": "invitation",
        "given_at": clock.now(),
        "guardian_verified_at": clock.now(),
    }
    return GuardianConsent(**(fields | values))


def refused_row(row: GuardianConsent) -> None:
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        row.save(force_insert=True)
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_nobody_consents_for_a_child_who_did_not_invite_them(family: Family) -> None:
    invitation = ask(family)
    used = family.consent.invitation_id
    with at_run_time(family.as_usual()):
        for number in (invitation.pk, used):  # one not taken up, one for another child
            refused_row(consent_row(family, invitation_id=number))
    with at_run_time(family.own(family.other_child)):
        refused_row(consent_row(family, invitation_id=invitation.pk))


def ask(family: Family) -> GuardianInvitation:
    connection.set_schema_to_public()
    return ask_guardian(family.other_child, "haha@example.jp")


def test_by_invitation_it_works_at_run_time_and_each_sees_their_own(family: Family) -> None:
    mails = SentMails()
    with at_run_time(family.own(family.other_child)):
        ask_guardian(family.other_child, "haha@example.jp")
    token = token_in(mails)
    with at_run_time(family.as_usual()):
        give_consent(token, family.guardian, "parent")
        assert seen(GuardianConsent) == {family.child.pk, family.other_child.pk}
    with at_run_time(family.own(family.other_child)):
        assert seen(GuardianConsent) == {family.other_child.pk}
        assert standing_of(family.other_child).consent_holds
    with at_run_time(family.own(family.strangers)):
        assert seen(GuardianConsent) == {family.strangers.pk}
        assert seen(GuardianInvitation) == {family.strangers.pk}
    assert OutboxMessage.objects.filter(payload__to=[family.guardian.user.email]).exists()


def test_a_child_can_end_and_never_revive(family: Family) -> None:
    with at_run_time(family.as_usual()):
        withdraw(family.consent.pk, family.guardian)
    with at_run_time(family.own(family.child)):
        refused("UPDATE identity_guardianconsent SET end_reason = '', ended_at = NULL")
        assert standing_of(family.child).lacks_consent


def test_the_worker_closes_what_nobody_answered(family: Family) -> None:
    invitation = ask(family)
    GuardianInvitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())
    with at_run_time(worker()):
        assert expire_invitations() == 1
    invitation.refresh_from_db()
    assert (invitation.outcome, invitation.email) == ("expired", "")


# The counter


def test_the_counter_works_at_run_time_for_who_is_registered_here(family: Family) -> None:
    with at_run_time(family.desk(), family.here):
        registrant = directory().find(family.here, family.other_child.pk)
        assert registrant is not None
        record_at_counter(
            family.officer,
            family.here,
            registrant,
            guardian_name="高橋 恵",
            relation="parent",
            kept_at="書庫",
        )
        assert consent_of(family.other_child.pk) is not None
        withdraw_at_counter(family.officer, family.here, registrant)
        # One that was given with an account, too.
        online = directory().find(family.here, family.child.pk)
        assert online is not None
        withdraw_at_counter(family.officer, family.here, online)
        assert consent_of(family.child.pk) is None
    with at_run_time(family.own(family.child)):
        assert SignUp.objects.filter(status="signed_up", starts_at__gt=clock.now()).count() == 0


def test_staff_elsewhere_read_and_write_nothing_of_it(family: Family) -> None:
    there = Municipality.objects.get(pk=HIDA)
    other = make_member(there, "administrator")
    row = {
        "guardian": None,
        "guardian_verified_at": None,
        "method": "counter",
        "municipality": there,
        "recorded_by": other,
    }
    with at_run_time(staff(other.pk, HIDA), there):
        # Only the child who is registered there as well.
        assert seen(GuardianConsent) == {family.child.pk}
        refused_row(consent_row(family, **row))
        assert changed("UPDATE identity_guardianconsent SET ended_in = '212172'") == 1


def test_nobody_signs_for_a_colleague(family: Family) -> None:
    colleague = make_member(family.here, "registration_officer")
    row = {
        "guardian": None,
        "guardian_verified_at": None,
        "method": "counter",
        "municipality": family.here,
    }
    with at_run_time(family.desk(), family.here):
        refused_row(consent_row(family, recorded_by=colleague, **row))
        consent_row(family, recorded_by=family.officer, **row).save()
