"""Two accounts of one person become one: nothing is lost, nothing counts twice."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from accounts.models import Resident, User
from accounts.operations.merge import merge
from accounts.registry import _parts
from attendance.models import ParticipationRecord, SignUp
from attendance.operations.check_in import check_in
from attendance.operations.sign_ups import sign_up
from attendance.queries import participations_of
from certificates.models import Certificate
from certificates.operations.issue import issue_activity_certificate
from common import clock
from common.clock import TOKYO
from common.refusal import Refused
from identity.models import Verification
from registration.models import Registration, RegistrationEvent
from registration.operations import leave, register
from registration.queries import progress_of, registrations_of
from surveys.enums import QuestionKind, Survey
from surveys.models import Answer
from surveys.operations import GivenAnswer, keep_answers
from tenants.context import municipality_context
from tests.factories.accounts import PASSWORD, PEOPLE, ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.codes import venue_token

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
DURING = datetime(2026, 11, 23, 9, 40, tzinfo=TOKYO)


@pytest.fixture
def kept(db):
    return ResidentFactory(person=PEOPLE[0])


@pytest.fixture
def other(db):
    return ResidentFactory(person=PEOPLE[0], family_name="鈴木", residence_id="131016")


def active(resident):
    return {str(row.municipality_id): row for row in registrations_of(resident)}


def kinds(registration):
    return [event.kind for event in RegistrationEvent.objects.filter(registration=registration)]


def session_of(municipality, day=DAY):
    page = make_activity(
        municipality, slug=f"k-{uuid4().hex[:8]}", sessions=[session_values(day, start=time(9))]
    )
    with municipality_context(municipality):
        return page.sessions.get().uuid


# Registrations


def test_registrations_move_and_show_the_person_as_they_are_now(kept, other, hida, gifu):
    register(other, hida)
    numbers = {code: row.number for code, row in active(other).items()}
    merge(kept, other)
    moved = active(kept)
    assert {code: row.number for code, row in moved.items()} == numbers
    assert active(other) == {}
    assert {row.name for row in moved.values()} == {kept.name}
    assert {row.email for row in moved.values()} == {kept.user.email}
    assert kinds(moved[hida.code]) == ["registered", "taken_over"]


def test_where_both_are_registered_the_older_stays(kept, other, kesennuma, miyagi):
    with time_machine.travel(clock.now() - timedelta(days=30)):
        register(other, kesennuma)
    register(kept, kesennuma)
    older, newer = active(other), active(kept)
    merge(kept, other)
    stays = active(kept)
    for code in (kesennuma.code, miyagi.code):
        assert stays[code].pk == older[code].pk
        newer[code].refresh_from_db()
        assert newer[code].status == "ended"
        assert newer[code].resident == kept, "history stays with the person"
        event = RegistrationEvent.objects.get(registration=newer[code], kind="merged")
        assert event.reason == older[code].number
    assert Registration.objects.filter(status="active").count() == 2


def test_the_own_older_registration_stays_too(kept, other, kesennuma):
    with time_machine.travel(clock.now() - timedelta(days=30)):
        register(kept, kesennuma)
    register(other, kesennuma)
    own = active(kept)
    merge(kept, other)
    assert {row.pk for row in active(kept).values()} == {row.pk for row in own.values()}


def test_what_was_registered_directly_stays_direct(kept, other, kesennuma, miyagi):
    """The older one came with a city, the younger was the person's own wish (R5, R6)."""
    with time_machine.travel(clock.now() - timedelta(days=30)):
        register(kept, kesennuma)
    register(other, miyagi)
    merge(kept, other)
    registration = active(kept)[miyagi.code]
    assert not registration.is_co_registered
    assert kinds(registration)[-1] == "made_direct"
    leave(active(kept)[kesennuma.code])
    assert set(active(kept)) == {miyagi.code}


def test_whether_they_live_there_is_judged_by_the_profile_that_stays(kept, other, kesennuma):
    """佐藤 花子 lives in 気仙沼市; the other account still said 千代田区."""
    register(other, kesennuma)
    assert {row.lives_here for row in active(other).values()} == {False}
    merge(kept, other)
    registration = active(kept)[kesennuma.code]
    assert registration.lives_here
    assert kinds(registration) == ["registered", "taken_over", "moved_in"]


def test_what_ended_before_stays_with_the_person(kept, other, hida):
    registration = register(other, hida)[0]
    leave(registration)
    merge(kept, other)
    registration.refresh_from_db()
    assert registration.resident == kept
    assert registration.name == other.name, "an ended one stays as it was"


def test_others_keep_what_is_theirs(kept, other, kesennuma):
    stranger = ResidentFactory(person=PEOPLE[1])
    register(stranger, kesennuma)
    register(other, kesennuma)
    merge(kept, other)
    assert len(active(stranger)) == 2
    stranger.refresh_from_db()
    assert stranger.merged_into is None
    assert stranger.family_name == "鈴木"


# The account


def test_the_other_account_signs_in_no_more_and_its_address_is_told_and_free(
    kept, other, kesennuma, mailoutbox, client
):
    register(other, kesennuma)
    email = other.user.email
    merge(kept, other)
    (*_before, mail) = [mail for mail in mailoutbox if mail.to == [email]]
    assert email in mail.body
    assert "鈴木" in mail.body
    gone = User.objects.get(pk=other.user_id)
    assert (gone.email, gone.is_active) == (None, False)
    answer = client.post(
        "/account/login/", {"login": email, "password": PASSWORD}, HTTP_HOST="localhost"
    )
    assert answer.status_code == 200
    assert User.objects.create_user(email=email).pk


def test_the_other_profile_is_emptied(kept, other):
    merge(kept, other)
    row = Resident.objects.get(pk=other.pk)
    assert row.merged_into == kept
    assert row.closed_at
    assert row.birth_date is None
    assert "" == row.family_name == row.given_kana == row.address_line == row.postal_code
    assert row.residence is None
    kept.refresh_from_db()
    assert kept.family_name == "佐藤"


def test_a_merge_again_changes_nothing(kept, other, kesennuma):
    register(other, kesennuma)
    merge(kept, other)
    events = RegistrationEvent.objects.count()
    assert merge(kept, other) == kept
    assert merge(kept, kept) == kept
    assert RegistrationEvent.objects.count() == events


def test_an_account_that_is_closed_or_part_of_a_third_is_refused(kept, other):
    third = ResidentFactory(person=PEOPLE[2])
    merge(kept, other)
    for pair in ((third, other), (other, third)):
        with pytest.raises(Refused) as refusal:
            merge(*pair)
        assert refusal.value.code == "account_closed"
    third.refresh_from_db()
    assert third.family_name


def test_half_a_merge_is_none(kept, other, kesennuma, monkeypatch):
    register(other, kesennuma)

    def fails(kept, other):
        raise RuntimeError

    monkeypatch.setitem(_parts, "last", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        merge(kept, other)
    assert len(active(other)) == 2
    assert Resident.objects.get(pk=other.pk).merged_into is None
    assert User.objects.get(pk=other.user_id).is_active


# Places, participations, certificates, proofs, answers


@time_machine.travel(DURING - timedelta(days=3))
def test_places_move_and_two_become_one(kept, other, kesennuma):
    both, single = session_of(kesennuma), session_of(kesennuma)
    sign_up(kept, kesennuma, both)
    sign_up(other, kesennuma, both)
    sign_up(other, kesennuma, single)
    merge(kept, other)
    places = SignUp.objects.filter(status="signed_up")
    assert {(row.resident_id, row.session_uuid) for row in places} == {
        (kept.pk, both),
        (kept.pk, single),
    }
    assert places.get(session_uuid=single).name == kept.name


@time_machine.travel(DURING)
def test_participations_are_read_together_and_count_once(kept, other, kesennuma):
    sessions = [session_of(kesennuma) for _ in range(2)]
    first, second = (venue_token(kesennuma.code, session) for session in sessions)
    register(kept, kesennuma)
    register(other, kesennuma)
    for resident, token in ((kept, first), (other, first), (other, second)):
        check_in(resident, token)
    assert participations_of(kept).count() == 1
    merge(kept, other)
    assert [str(row.session_uuid) for row in participations_of(kept).order_by("pk")] == [
        str(session) for session in sessions
    ]
    assert ParticipationRecord.objects.filter(resident=other).count() == 2, "never rewritten"
    own = {progress.municipality.code: progress for progress in progress_of(kept)}
    assert own[kesennuma.code].have == 1, "one a day counts"
    assert len(own[kesennuma.code].records) == 2
    rows = issue_activity_certificate(kept).payload["rows"]
    assert [row["session"] for row in rows] == [str(session) for session in sessions]


@time_machine.travel(DURING)
def test_a_session_the_other_account_was_in_is_not_recorded_again(kept, other, kesennuma):
    token = venue_token(kesennuma.code, session_of(kesennuma))
    check_in(other, token)
    merge(kept, other)
    again = check_in(kept, token)
    assert not again.is_new
    assert again.record.resident_id == other.pk
    assert ParticipationRecord.objects.count() == 1
    stranger = ResidentFactory(person=PEOPLE[1])
    assert check_in(stranger, token).is_new


@time_machine.travel(DURING)
def test_the_ledger_refuses_to_be_rewritten(kept, other, kesennuma):
    check_in(other, venue_token(kesennuma.code, session_of(kesennuma)))
    merge(kept, other)
    with pytest.raises(DatabaseError), transaction.atomic():
        ParticipationRecord.objects.update(resident=kept)


def test_reading_together_costs_no_query_more(kept, other, kesennuma, django_assert_num_queries):
    with django_assert_num_queries(1):
        list(participations_of(kept))
    merge(kept, other)
    with django_assert_num_queries(1):
        list(participations_of(kept))


def test_the_ledger_is_read_by_its_index(kept):
    """Not with OR and a subquery, for which PostgreSQL reads every row of the nation."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = participations_of(kept).order_by().explain()
    assert "Index Cond: (resident_id = ANY" in plan or "resident_id = ANY" in plan.split("Cond")[1]


def test_certificates_stay_valid_but_for_the_number_that_ended(kept, other, kesennuma, hida):
    with time_machine.travel(clock.now() - timedelta(days=30)):
        register(kept, kesennuma)
    register(other, kesennuma)
    register(other, hida)
    ending = active(other)[kesennuma.code].number
    merge(kept, other)
    valid = Certificate.objects.filter(status="issued")
    assert {row.resident_id for row in Certificate.objects.all()} == {kept.pk}
    assert {row.payload["number"] for row in valid} == {r.number for r in active(kept).values()}
    assert {row.payload["name"] for row in valid} == {kept.name}
    (over,) = Certificate.objects.filter(payload__number=ending)
    assert over.status == "ended"


def verify(resident, days_ago):
    at = clock.now() - timedelta(days=days_ago)
    return Verification.objects.create(
        resident=resident,
        method="counter",
        assurance="level_2",
        attributes={},
        verified_at=at,
        valid_until=at + timedelta(days=900),
    )


@pytest.mark.parametrize("newer", ["kept", "other"])
def test_the_newer_proof_of_identity_stays(kept, other, newer):
    proofs = {"kept": verify(kept, 10), "other": verify(other, 20 if newer == "kept" else 1)}
    merge(kept, other)
    for name, proof in proofs.items():
        proof.refresh_from_db()
        assert proof.resident == kept
        assert (proof.ended_at is None) == (name == newer)


def test_a_proof_of_the_other_account_alone_is_the_person_s(kept, other):
    proof = verify(other, 1)
    merge(kept, other)
    proof.refresh_from_db()
    assert (proof.resident, proof.ended_at) == (kept, None)


@pytest.mark.parametrize("newer", ["kept", "other"])
def test_the_newer_answers_are_the_current_ones(kept, other, kesennuma, newer):
    register(kept, kesennuma)
    register(other, kesennuma)
    order = (other, kept) if newer == "kept" else (kept, other)
    for resident in order:
        with municipality_context(kesennuma):
            words = GivenAnswer(QuestionKind.SHORT_TEXT, "好きな魚は", str(resident.pk))
            keep_answers(resident.pk, Survey.REGISTRATION, [words])
    merge(kept, other)
    with municipality_context(kesennuma):
        assert set(Answer.objects.values_list("resident_id", flat=True)) == {kept.pk}
        (current,) = Answer.objects.filter(is_current=True)
        assert current.value == str(order[1].pk)
