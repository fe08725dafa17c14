"""What a member of an organisation can reach, whatever our code asks for, under the login of web.

Two municipalities; an organisation that is recognised by both, and another one of the first. The
organisation reads who comes to its own sessions, in the municipality it acts at, and nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident, User
from accounts.operations.merge import merge
from activities.models import Session
from activities.queries import session_by_uuid
from attendance.enums import Attendance, CheckInMethod
from attendance.models import (
    Outcome,
    ParticipationRecord,
    Scan,
    ScanDevice,
    ScanReview,
    SessionClosing,
    SignUp,
)
from attendance.operations.devices import device_with, end_device, enrol, make_device
from attendance.operations.ledger.amend import void
from attendance.operations.ledger.record import record_participation
from attendance.operations.outcomes import close_session, say_outcome
from attendance.operations.scans.overview import devices_of, live_count, outcomes_of
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.operations.walk_ins import enter_walk_in
from attendance.registry import registrants_called
from attendance.rules.earlier_people import name_key
from common import clock
from common.refusal import Refused
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
from tenants.actors import VISITOR, Actor, organisation, signed_in, staff
from tenants.context import municipality_context, public_context
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


# The check-in


@pytest.fixture
def second(scene: Scene) -> SignUp:
    """Somebody who has a place in each session, and whom nobody has recorded."""
    person = ResidentFactory()
    for name, place in (("others", scene.here), ("there", scene.there), ("own", scene.here)):
        sign_up(person, place, scene.sessions[name])
    return sign_up(person, scene.here, scene.sessions["here"])


def at_the_end_of(place: Municipality, uuid: UUID) -> Any:
    with municipality_context(place):
        return Session.objects.get(uuid=uuid).ends_at + timedelta(minutes=1)


def device_of(scene: Scene, name: str, place: Municipality) -> ScanDevice:
    with municipality_context(place):
        session = session_by_uuid(scene.sessions[name])
        assert session is not None
        return make_device(place, session.snapshot(), "受付", None).device


def test_a_member_runs_the_check_in_of_their_own_session(scene: Scene, second: SignUp) -> None:
    uuid, account = scene.sessions["here"], scene.member.account
    ended = at_the_end_of(scene.here, uuid)
    with time_machine.travel(ended, tick=False), at_run_time(scene.us(), scene.here):
        session = session_by_uuid(uuid)
        assert session is not None
        made = make_device(scene.here, session.snapshot(), "受付", account, scene.ours)
        assert [one.pk for one in devices_of(scene.here, uuid)] == [made.device.pk]
        end_device(scene.here, uuid, made.device.pk, account)
        assert ScanDevice.objects.get().revoked_by_id == account.pk
        for outcome in (Attendance.EXCUSED, Attendance.ATTENDED, Attendance.ATTENDED):
            say_outcome(scene.here, uuid, second.pk, outcome, account)
        assert [said for _place, said in outcomes_of(scene.here, uuid)] == ["attended"] * 2
        count = live_count(scene.here, uuid)
        assert (count.signed_up, count.came, count.to_review) == (2, 2, 0)
        assert Scan.objects.get().session_uuid == uuid, "that of the one who came by the poster"
        assert close_session(scene.here, uuid, account).attended == 2


def test_what_staff_have_reviewed_waits_for_nobody_else(scene: Scene) -> None:
    scan = Scan.objects.get(session_uuid=scene.sessions["here"])
    officer = make_member(scene.here, "coordinator")
    for place, name in ((scene.here, "here"), (scene.here, "others")):
        ScanReview.objects.create(
            scan=Scan.objects.get(session_uuid=scene.sessions[name]), municipality=place,
            decision="left", reason="確認済み", decided_by=officer, decided_at=clock.now(),
        )  # fmt: skip
    with at_run_time(scene.us(), scene.here):
        assert [one.scan_id for one in ScanReview.objects.all()] == [scan.pk]
        refused("UPDATE attendance_scan SET reason = ''")


_DEVICE = (
    "INSERT INTO attendance_scandevice (id, municipality_id, session_uuid, label, link_hash,"
    " created_by_id, organisation_id, created_at, ends_at)"
    " VALUES (gen_random_uuid(), %s, %s, 'x', gen_random_uuid()::text, %s, guard.organisation(),"
    " now(), now())"
)
_CLOSING = (
    "INSERT INTO attendance_sessionclosing (municipality_id, session_uuid, attended, closed_by_id,"
    " closed_at) VALUES (%s, %s, 0, %s, now())"
)
_OUTCOME = (
    "INSERT INTO attendance_outcome (resident_id, municipality_id, session_uuid, outcome,"
    " decided_by_id, decided_at) VALUES (%s, %s, %s, 'attended', %s, now())"
)
_RECORD = (
    "INSERT INTO attendance_participationrecord (resident_id, municipality_id, session_uuid,"
    " activity_title, organiser, place, session_date, starts_at, ends_at, hours, designated,"
    " designation_basis, category, method, recorded_by_id, remark, recorded_at)"
    " VALUES (%s, %s, %s, '', '', '', now(), now(), now() + interval '1 hour', 1, true, '', '',"
    " 'organiser', %s, '', now())"
)


def nothing_is_entered(resident: UUID, place: Municipality, session: UUID, account: int) -> None:
    for statement in (_DEVICE, _CLOSING):
        refused(statement, [place.pk, session, account])
    for statement in (_OUTCOME, _RECORD):
        refused(statement, [resident, place.pk, session, account])


def nothing_is_seen() -> None:
    for model in (ScanDevice, Scan, Outcome, SignUp, ParticipationRecord, RunSession):
        assert of_sessions(model) == set(), model
    assert changed("UPDATE attendance_scandevice SET revoked_at = now()") == 0


def test_another_organisation_has_no_part_in_the_check_in(scene: Scene, second: SignUp) -> None:
    device_of(scene, "here", scene.here)
    with at_run_time(scene.them(), scene.here):
        for model in (ScanDevice, Outcome):
            assert of_sessions(model) == set()
        assert of_sessions(Scan) == {scene.sessions["others"]}
        assert changed("UPDATE attendance_scandevice SET revoked_at = now()") == 0
        for name in ("here", "own"):
            nothing_is_entered(
                second.resident_id, scene.here, scene.sessions[name], scene.stranger.account_id
            )


def test_nobody_enters_who_has_no_place_nor_in_another_s_name(scene: Scene, second: SignUp) -> None:
    uuid, account = scene.sessions["here"], scene.member.account_id
    device = device_of(scene, "here", scene.here)
    outsider = ResidentFactory()
    with at_run_time(scene.us(), scene.here):
        for statement in (_OUTCOME, _RECORD):
            refused(statement, [outsider.pk, scene.here.pk, uuid, account])
        nothing_is_entered(second.resident_id, scene.here, uuid, scene.stranger.account_id)
        nothing_is_entered(second.resident_id, scene.there, uuid, account)
        # A device stays the session's and the municipality's.
        for change in ("session_uuid = gen_random_uuid()", f"municipality_id = '{HIDA}'"):
            refused(f"UPDATE attendance_scandevice SET {change} WHERE id = %s", [device.pk])
        refused("DELETE FROM attendance_scandevice")
        refused("DELETE FROM attendance_sessionclosing")
    assert not SessionClosing.objects.exists()


def test_its_phone_is_let_in_no_longer_than_whoever_made_it(scene: Scene) -> None:
    """It is not made as staff's, nor made theirs afterwards; and it ends with the membership."""
    uuid, account = scene.sessions["here"], scene.member.account
    with time_machine.travel(at_the_end_of(scene.here, uuid), tick=False):
        with at_run_time(scene.us(), scene.here):
            for whose in ("NULL", str(scene.others.pk)):
                refused(
                    _DEVICE.replace("guard.organisation()", whose),
                    [scene.here.pk, uuid, account.pk],
                )
            session = session_by_uuid(uuid)
            assert session is not None
            made = make_device(scene.here, session.snapshot(), "受付", account, scene.ours)
            for change in ("organisation_id = NULL", "created_by_id = NULL"):
                refused(
                    f"UPDATE attendance_scandevice SET {change} WHERE id = %s", [made.device.pk]
                )
        with at_run_time(VISITOR, scene.here):
            _device, cookie = enrol(scene.here, made.url.rstrip("/").rsplit("/", 1)[1])
            assert device_with(scene.here, cookie) == made.device
        OrganisationMember.objects.filter(pk=scene.member.pk).update(ended_at=clock.now())
        with at_run_time(VISITOR, scene.here):
            assert device_with(scene.here, cookie) is None


def test_a_place_counts_in_the_municipality_it_is_of(scene: Scene) -> None:
    """Entering somebody here takes a place in a session that the organisation runs here."""
    outsider = ResidentFactory()
    with at_run_time(scene.us(), scene.here), connection.cursor() as cursor:
        answers = []
        for session, person in (("here", scene.comer), ("there", scene.comer), ("here", outsider)):
            cursor.execute("SELECT guard.comes_to_us(%s, %s)", [scene.sessions[session], person.pk])
            answers.append(cursor.fetchone()[0])
    assert answers == [True, False, False]


def test_where_its_standing_was_withdrawn_it_is_nobody(scene: Scene, second: SignUp) -> None:
    """Whatever our code lets through: the claims are genuine, and the database looks again."""
    device_of(scene, "there", scene.there)
    account = scene.member.account_id
    with at_run_time(scene.us(scene.there), scene.there):
        assert of_sessions(ScanDevice) == of_sessions(Scan) == {scene.sessions["there"]}
    yesterday = clock.today() - timedelta(days=1)
    Standing.objects.filter(organisation=scene.ours, municipality=scene.there).update(
        valid_from=yesterday, valid_to=yesterday
    )
    with at_run_time(scene.us(scene.there), scene.there):
        nothing_is_seen()
        nothing_is_entered(second.resident_id, scene.there, scene.sessions["there"], account)
    with at_run_time(scene.us(), scene.here):
        assert of_sessions(SignUp) == {scene.sessions["here"]}, "here it still is"


def test_a_member_who_was_taken_out_is_nobody(scene: Scene, second: SignUp) -> None:
    device_of(scene, "here", scene.here)
    helper = make_organisation_member(scene.ours)
    OrganisationMember.objects.filter(pk=scene.member.pk).update(ended_at=clock.now())
    with at_run_time(scene.us(), scene.here):
        nothing_is_seen()
        nothing_is_entered(
            second.resident_id, scene.here, scene.sessions["here"], scene.member.account_id
        )
    with at_run_time(organisation(helper.account_id, scene.ours.pk, KESENNUMA), scene.here):
        assert of_sessions(ScanDevice) == {scene.sessions["here"]}


def walks_in(scene: Scene, place: Municipality, number: str, name: str, by: Any = None) -> str:
    """Number and name from the paper list of our session here, typed at `place`: "" or the code."""
    by = by or scene.member
    try:
        enter_walk_in(
            place, scene.sessions["here"], number, name, by.account, organisation=by.organisation
        )
    except Refused as refusal:
        return refusal.code
    return ""


def test_somebody_on_the_list_on_paper_is_entered_and_nobody_is_looked_up(scene: Scene) -> None:
    walker, elsewhere = ResidentFactory(), ResidentFactory()
    known, far = register_resident(walker, scene.here), register_resident(elsewhere, scene.there)
    with time_machine.travel(at_the_end_of(scene.here, scene.sessions["here"]), tick=False):
        with at_run_time(scene.us(), scene.here):
            for number, name in (
                (known.number, far.name), (far.number, known.name), (far.number, far.name),
            ):  # fmt: skip
                assert walks_in(scene, scene.here, number, name) == "not_on_record"
            assert registrants_called(scene.here, [name_key(known.name)], []) == []
            assert not Registration.objects.exists()
            # The database takes nobody without a place from the organisation itself.
            refused(
                _RECORD,
                [walker.pk, scene.here.pk, scene.sessions["here"], scene.member.account_id],
            )
        with at_run_time(scene.them(), scene.here):
            answer = walks_in(scene, scene.here, known.number, known.name, scene.stranger)
            assert answer == "session_gone"
        with at_run_time(scene.us(scene.there), scene.there):
            assert walks_in(scene, scene.there, known.number, known.name) == "session_gone"
        with at_run_time(scene.us(), scene.there):
            assert walks_in(scene, scene.there, known.number, known.name) == "session_gone"
        of_walker = ParticipationRecord.objects.filter(resident__in=[walker, elsewhere])
        assert not of_walker.exists()
        with at_run_time(scene.us(), scene.here):
            for _twice in range(2):
                assert walks_in(scene, scene.here, known.number, known.name) == ""
    record = of_walker.get()
    assert (record.resident_id, record.session_uuid) == (walker.pk, scene.sessions["here"])
    assert (record.method, record.recorded_by) == ("paper_list", scene.member.account)


@pytest.mark.parametrize("is_voided", [False, True])
def test_two_accounts_of_one_person_are_recorded_once(scene: Scene, is_voided: bool) -> None:
    kept, other = ResidentFactory(), ResidentFactory()
    known = register_resident(kept, scene.here)
    session = scene.sessions["here"]
    with time_machine.travel(at_the_end_of(scene.here, session), tick=False):
        with municipality_context(scene.here):
            snapshot = session_by_uuid(session).snapshot()
            made = record_participation(other, scene.here, snapshot, CheckInMethod.VENUE_CODE)
            if is_voided:
                void(made.record, make_member(scene.here, "coordinator"), "来ていない")
        with public_context():
            merge(kept, other)
        with at_run_time(scene.us(), scene.here):
            answer = walks_in(scene, scene.here, known.number, known.name)
        asked = {}
        for name, actor, place in (
            ("here", scene.us(), scene.here),
            ("there", scene.them(), scene.there),
        ):
            with at_run_time(actor, place), connection.cursor() as cursor:
                cursor.execute("SELECT guard.records_of_merged(%s, %s)", [kept.pk, session])
                asked[name] = len(cursor.fetchall())
    assert asked == {"here": 1, "there": 0}, "nobody elsewhere learns of it"
    assert answer == ("not_on_record" if is_voided else "")
    assert ParticipationRecord.objects.get(resident__in=[kept, other]).resident_id == other.pk


@pytest.mark.parametrize("end", ["member", "standing"])
def test_whoever_is_nobody_enters_nobody_from_paper(scene: Scene, end: str) -> None:
    known = register_resident(ResidentFactory(), scene.here)
    ends_at = at_the_end_of(scene.here, scene.sessions["here"])
    if end == "member":
        OrganisationMember.objects.filter(pk=scene.member.pk).update(ended_at=clock.now())
    else:
        yesterday = clock.today() - timedelta(days=1)
        Standing.objects.filter(organisation=scene.ours, municipality=scene.here).update(
            valid_from=yesterday, valid_to=yesterday
        )
    with time_machine.travel(ends_at, tick=False), at_run_time(scene.us(), scene.here):
        assert walks_in(scene, scene.here, known.number, known.name) == "session_gone"
    assert not ParticipationRecord.objects.filter(resident=known.resident_id).exists()
