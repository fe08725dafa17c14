"""What a member of an organisation can reach, whatever our code asks for, under the login of web.

Two municipalities; an organisation that is recognised by both, and another one of the first. The
organisation reads who comes to its own sessions, in the municipality it acts at, and nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident, User
from attendance.models import ParticipationRecord, SignUp
from attendance.operations.sign_ups import withdraw_sign_up
from common import clock
from organisations.models import (
    Organisation,
    OrganisationMember,
    RunSession,
    Standing,
    StandingRequest,
)
from organisations.operations.people import accept_invitation, invite_member
from organisations.operations.sign_up import answer_request, ask_for_standing, sign_up_organisation
from privacy.models import Consent
from registration.models import Registration
from tenants.actors import Actor, organisation, signed_in, staff
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA, SentMails
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.members import make_organisation_member
from tests.factories.organisations import make_organisation
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.isolation.access_world import _take_part as take_part
from tests.isolation.logins import at_run_time


@dataclass
class Scene:
    here: Municipality
    there: Municipality
    ours: Organisation  # recognised here and there
    others: Organisation  # here
    member: OrganisationMember
    stranger: OrganisationMember  # of the others
    comer: Resident
    sessions: dict[str, UUID]  # ours here, ours there, others', the municipality's own

    def us(self, place: Municipality | None = None) -> Actor:
        place = place or self.here
        return organisation(self.member.account_id, self.ours.pk, place.code)

    def them(self) -> Actor:
        return organisation(self.stranger.account_id, self.others.pk, self.here.code)


@pytest.fixture
def scene(own_database: str) -> Iterator[Scene]:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    ours, others = make_organisation(here, name="両方の会"), make_organisation(here, name="別の会")
    Standing.objects.create(
        organisation=ours, municipality=there, valid_from=clock.today(), decided_at=clock.now()
    )
    comer = ResidentFactory()
    sessions = {}
    for name, place, runs in (
        ("here", here, ours), ("there", there, ours), ("others", here, others), ("own", here, None),
    ):  # fmt: skip
        page = make_activity(place, sessions=[session_values()], organisation=runs)
        with municipality_context(place):
            sessions[name] = page.sessions.get().uuid
        take_part(comer, place, sessions[name])
    for place in (here, there):
        register_resident(comer, place)
    connection.set_schema_to_public()
    yield Scene(
        here, there, ours, others, make_organisation_member(ours),
        make_organisation_member(others), comer, sessions,
    )  # fmt: skip


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


def of_sessions(model: Any) -> set[UUID]:
    return {row.session_uuid for row in model.objects.only("session_uuid")}


def test_it_reads_who_comes_and_came_to_its_own_sessions_here(scene: Scene) -> None:
    with at_run_time(scene.us(), scene.here):
        for model in (SignUp, ParticipationRecord, RunSession):
            assert of_sessions(model) == {scene.sessions["here"]}
        [sign_up] = SignUp.objects.all()
        assert (sign_up.name, sign_up.phone) == (scene.comer.name, scene.comer.phone)
    with at_run_time(scene.us(scene.there), scene.there):
        assert of_sessions(SignUp) == {scene.sessions["there"]}


def test_another_organisation_of_the_same_municipality_reads_none_of_it(scene: Scene) -> None:
    with at_run_time(scene.them(), scene.here):
        assert of_sessions(SignUp) == of_sessions(ParticipationRecord) == {scene.sessions["others"]}


def test_the_partner_of_one_municipality_is_nobody_in_another(scene: Scene) -> None:
    """Claims for 気仙沼市, carried to the schema of 飛騨市 and to the shared one."""
    for place in (scene.there, None):
        with at_run_time(scene.us(scene.here), place):
            assert of_sessions(SignUp) == of_sessions(ParticipationRecord) == set()
            assert of_sessions(RunSession) == set()


def test_of_the_people_it_reads_no_more_than_that(scene: Scene) -> None:
    with at_run_time(scene.us(), scene.here):
        assert not Resident.objects.exclude(user=scene.member.account_id).exists()
        assert not User.objects.exclude(pk=scene.member.account_id).exists()
        assert not Registration.objects.exists()
        assert not Consent.objects.exclude(user=scene.member.account_id).exists()
        with connection.cursor() as cursor:
            for table in ("certificates_certificate", "identity_verification"):
                cursor.execute(f"SELECT count(*) FROM public.{table}")
                assert cursor.fetchone() == (0,), table


def test_who_gave_the_place_back_is_gone_from_its_list(scene: Scene) -> None:
    with at_run_time(signed_in(scene.comer.user_id, scene.comer.pk)):
        withdraw_sign_up(scene.comer, scene.sessions["here"])
    with at_run_time(scene.us(), scene.here):
        assert not SignUp.objects.exists()


def test_it_changes_nothing_of_it_and_claims_no_session(scene: Scene) -> None:
    claim = (
        "INSERT INTO organisations_runsession (session_uuid, municipality_id, organisation_id)"
        " VALUES (%s, %s, %s)"
    )
    with at_run_time(scene.us(), scene.here):
        assert changed("UPDATE attendance_signup SET status = 'withdrawn'") == 0
        refused("UPDATE attendance_participationrecord SET hours = 0")
        assert changed("UPDATE organisations_runsession SET organisation_id = 1") == 0
        assert changed("DELETE FROM organisations_runsession") == 0
        refused(claim, [scene.sessions["others"], scene.here.pk, scene.ours.pk])
        refused(
            "INSERT INTO organisations_standing (organisation_id, municipality_id, pattern,"
            " valid_from, decided_at) VALUES (%s, %s, 2, now(), now())",
            [scene.ours.pk, scene.here.pk],
        )
        assert changed("UPDATE organisations_standing SET pattern = 2") == 0


def test_members_of_others_are_not_seen_and_nobody_lets_themselves_in(scene: Scene) -> None:
    join = (
        "INSERT INTO organisations_organisationmember (account_id, organisation_id, role, name,"
        " since) VALUES (%s, %s, 'manager', '', now())"
    )
    outsider = ResidentFactory()
    with at_run_time(scene.us(), scene.here):
        assert [one.pk for one in OrganisationMember.objects.all()] == [scene.member.pk]
        refused(join, [scene.member.account_id, scene.others.pk])
        refused("DELETE FROM organisations_organisationmember")
    with at_run_time(signed_in(outsider.user_id, outsider.pk)):
        assert not OrganisationMember.objects.exists()
        refused(join, [outsider.user_id, scene.ours.pk])


def test_whoever_was_put_out_cannot_come_back_by_an_update(scene: Scene) -> None:
    OrganisationMember.objects.filter(pk=scene.member.pk).update(ended_at=clock.now())
    account = scene.member.account
    with at_run_time(signed_in(account.pk, account.resident.pk)):
        refused("UPDATE organisations_organisationmember SET ended_at = NULL")
        refused("UPDATE organisations_organisationmember SET role = 'manager', ended_at = NULL")
        assert not Standing.objects.filter(organisation=scene.ours).exists()


def test_the_whole_way_works_at_run_time(scene: Scene) -> None:
    """Entering, asking, answering, inviting, accepting: each under its own claims."""
    founder, guest = ResidentFactory(), ResidentFactory()
    officer = make_member(scene.there, "coordinator")
    with at_run_time(signed_in(founder.user_id, founder.pk)):
        made = sign_up_organisation(
            founder, name="新しい会", kind="npo", kana="", contact_name="会長",
            contact_phone="0577-00-0000", contact_email="kai@example.jp",
        )  # fmt: skip
        request = ask_for_standing(made, scene.there, founder.user, "祭り")
    with at_run_time(staff(make_member(scene.here, "coordinator").pk, KESENNUMA), scene.here):
        assert not StandingRequest.objects.exists()
        assert not Organisation.objects.filter(pk=made.pk).exists()
    with at_run_time(staff(officer.pk, HIDA), scene.there):
        answer_request(request.pk, scene.there, officer, pattern=1)
    mails = SentMails()
    with at_run_time(organisation(founder.user_id, made.pk, HIDA), scene.there):
        invite_member(made, "guest@example.jp", "helper", founder.user)
    token = mails[-1].body.partition("/organisations/invitation/")[2].partition("/")[0]
    with at_run_time(signed_in(guest.user_id, guest.pk)):
        assert accept_invitation(token, guest).organisation_id == made.pk
    with at_run_time(organisation(founder.user_id, made.pk, HIDA), scene.there):
        assert OrganisationMember.objects.filter(organisation=made).count() == 2


def test_an_account_elsewhere_is_no_organisation_by_a_forged_claim(scene: Scene) -> None:
    with at_run_time(scene.them(), scene.here), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('guard.claims')")
        [claims] = cursor.fetchone()
        forged = claims.replace(f"{scene.others.pk}@", f"{scene.ours.pk}@")
        assert forged != claims
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("SELECT set_config('guard.claims', %s, true)", [forged])
            cursor.execute("SELECT guard.organisation()")
