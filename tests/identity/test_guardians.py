"""A guardian is asked, agrees with an account of their own, and withdraws."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident
from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up
from attendance.rules.sign_up import Wish
from common import clock
from common.refusal import Refused
from identity.enums import ConsentEnd, ConsentMethod, InvitationOutcome, Relation
from identity.models import GuardianConsent, GuardianInvitation
from identity.operations.guardians import (
    INVITATIONS_A_DAY,
    ask_guardian,
    cancel_invitation,
    decline,
    end_of_account,
    give_consent,
    open_invitation,
    text_in_force,
    withdraw,
)
from identity.queries import (
    birth_date_of,
    children_of,
    consent_of,
    may_disclose,
    newest_proof_of,
    standing_of,
)
from identity.registry import obstacle_for
from identity.tasks import expire_invitations as expire_task
from tenants.context import municipality_context
from tenants.enums import TermsKind
from tenants.models import Terms
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.guardians import (
    birth_date_at,
    make_consent,
    make_guardian,
    make_minor,
    token_in,
    verify,
)

pytestmark = pytest.mark.django_db
GUARDIAN = "haha@example.jp"


def refusal(call, *arguments) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value.code


@pytest.fixture
def child() -> Resident:
    return make_minor(family_name="高橋", given_name="美咲")


def asked(child: Resident, mailoutbox, email: str = GUARDIAN) -> str:
    ask_guardian(child, email)
    return token_in(mailoutbox)


# Asking


def test_the_guardian_gets_a_mail_with_a_link_of_which_only_the_hash_is_kept(child, mailoutbox):
    invitation = ask_guardian(child, " Haha@Example.JP ")
    mail, token = mailoutbox[-1], token_in(mailoutbox)
    assert mail.to == [GUARDIAN]
    assert "高橋 美咲さん" in mail.subject and "/guardian/" in mail.body
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM identity_guardianinvitation t")
        [(stored,)] = cursor.fetchall()
    assert token not in stored and GUARDIAN not in stored
    assert open_invitation(token) == invitation


def test_a_second_request_takes_back_the_first(child, mailoutbox):
    first = asked(child, mailoutbox)
    second = asked(child, mailoutbox, "chichi@example.jp")
    assert refusal(open_invitation, first) == "invitation_invalid"
    assert open_invitation(second).email == "chichi@example.jp"


@pytest.mark.parametrize("what", ["cancelled", "two weeks later", "of age", "account closed"])
def test_a_link_that_is_over_opens_nothing(child, mailoutbox, what):
    token = asked(child, mailoutbox)
    assert open_invitation(token)
    at = clock.now()
    match what:
        case "cancelled":
            cancel_invitation(child)
        case "two weeks later":
            at += timedelta(days=14)
        case "of age":
            Resident.objects.filter(pk=child.pk).update(birth_date=birth_date_at(18))
        case "account closed":
            Resident.objects.filter(pk=child.pk).update(closed_at=at)
    with clock.as_of(at):
        assert refusal(open_invitation, token) == "invitation_invalid"
        assert refusal(give_consent, token, make_guardian(), "parent") == "invitation_invalid"
    assert GuardianConsent.objects.count() == 0


def test_who_is_of_age_has_a_consent_or_names_the_own_address_is_refused(child):
    assert refusal(ask_guardian, ResidentFactory(), GUARDIAN) == "of_age"
    assert refusal(ask_guardian, child, child.user.email.upper()) == "own_address"
    make_consent(child)
    assert refusal(ask_guardian, child, GUARDIAN) == "consent_holds"


def test_five_mails_a_day_and_the_sixth_waits(child, mailoutbox):
    for number in range(INVITATIONS_A_DAY):
        ask_guardian(child, f"guardian{number}@example.jp")
    assert refusal(ask_guardian, child, GUARDIAN) == "too_many_invitations"
    assert len(mailoutbox) == INVITATIONS_A_DAY
    with clock.as_of(clock.now() + timedelta(days=1)):
        ask_guardian(child, GUARDIAN)


@pytest.mark.parametrize("how", ["agreed", "declined", "cancelled", "expired"])
def test_the_address_is_forgotten_when_the_invitation_is_over(child, mailoutbox, how):
    token, other = asked(child, mailoutbox), ask_guardian(make_minor(), "chichi@example.jp")
    match how:
        case "agreed":
            give_consent(token, make_guardian(), "parent")
        case "declined":
            decline(token)
        case "cancelled":
            cancel_invitation(child)
        case _:
            at = GuardianInvitation.objects.get(resident=child).expires_at
            GuardianInvitation.objects.filter(pk=other.pk).update(
                expires_at=at + timedelta(seconds=1)
            )
            with clock.as_of(at - timedelta(seconds=1)):
                expire_task()
            assert GuardianInvitation.objects.get(resident=child).email == GUARDIAN
            with clock.as_of(at):
                expire_task()
    invitation = GuardianInvitation.objects.get(resident=child)
    assert (invitation.outcome, invitation.email) == (how, "")
    other.refresh_from_db()
    assert (other.outcome, other.email) == ("", "chichi@example.jp")


# Agreeing


def test_a_consent_says_who_for_whom_to_which_text_when_and_how(child, mailoutbox):
    guardian, token = make_guardian(family_name="高橋", given_name="恵"), asked(child, mailoutbox)
    proof = guardian.verifications.get()
    now = clock.now()
    with clock.as_of(now):
        consent = give_consent(token, guardian, Relation.PARENT)
    assert (consent.resident, consent.guardian) == (child, guardian)
    assert (consent.guardian_name, consent.relation) == ("高橋 恵", Relation.PARENT)
    assert (consent.method, consent.given_at) == (ConsentMethod.INVITATION, now)
    assert consent.terms == Terms.objects.in_force(TermsKind.GUARDIAN) == text_in_force()
    assert (consent.terms.version, consent.guardian_verified_at) == ("1.0", proof.verified_at)
    invitation = GuardianInvitation.objects.get()
    assert (consent.invitation, invitation.guardian) == (invitation, guardian)
    assert invitation.outcome == InvitationOutcome.AGREED
    assert [mail.to for mail in mailoutbox[1:]] == [[child.user.email], [guardian.user.email]]
    # The name in clear stands nowhere.
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM identity_guardianconsent t")
        assert "高橋" not in cursor.fetchone()[0]


def test_the_name_is_the_proved_one(child, mailoutbox):
    guardian, token = ResidentFactory(), asked(child, mailoutbox)
    verify(guardian, attributes={"family_name": "髙橋", "given_name": "惠"})
    assert give_consent(token, guardian, "parent").guardian_name == "髙橋 惠"


def test_the_link_works_once(child, mailoutbox):
    guardian, token = make_guardian(), asked(child, mailoutbox)
    give_consent(token, guardian, "parent")
    assert refusal(give_consent, token, guardian, "parent") == "invitation_invalid"
    assert refusal(give_consent, token, make_guardian(), "parent") == "invitation_invalid"
    assert GuardianConsent.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("not verified", "guardian_verified"),
        ("verified too long ago", "guardian_verified"),
        ("verification ended", "guardian_verified"),
        ("another minor", "guardian_of_age"),
        ("a minor who claims to be an adult", "guardian_of_age"),
    ],
)
def test_nobody_but_a_proved_adult_agrees(child, mailoutbox, who, code):
    token, now = asked(child, mailoutbox), clock.now()
    young = {"birth_date": birth_date_at(17).isoformat()}
    match who:
        case "not verified":
            guardian = ResidentFactory()
        case "verified too long ago":
            verify(guardian := ResidentFactory(), valid_until=now)
        case "verification ended":
            verify(guardian := ResidentFactory(), ended_at=now)
        case "another minor":
            verify(guardian := make_minor())
        case _:
            verify(guardian := ResidentFactory(), attributes=young)
    assert refusal(give_consent, token, guardian, "parent") == code
    assert GuardianConsent.objects.count() == 0
    give_consent(token, make_guardian(), "parent")  # only the person stood in the way


def test_the_child_s_own_account_is_refused_by_name(child, mailoutbox):
    token = asked(child, mailoutbox)
    assert refusal(give_consent, token, child, "parent") == "guardian_is_another"


def test_a_relation_outside_the_list_is_none(child, mailoutbox):
    with pytest.raises(ValueError, match="uncle"):
        give_consent(asked(child, mailoutbox), make_guardian(), "uncle")


def test_who_does_not_agree_closes_the_link_and_the_child_is_told(child, mailoutbox):
    token = asked(child, mailoutbox)
    decline(token)
    assert refusal(open_invitation, token) == "invitation_invalid"
    assert mailoutbox[-1].to == [child.user.email]
    assert GuardianInvitation.objects.get().outcome == InvitationOutcome.DECLINED
    asked(child, mailoutbox)


def test_one_consent_holds_at_a_time(child, mailoutbox):
    token = asked(child, mailoutbox)
    make_consent(child)  # a paper came in meanwhile
    assert refusal(give_consent, token, make_guardian(), "parent") == "consent_holds"
    assert GuardianConsent.objects.count() == 1


# What depends on it


def test_the_proved_date_of_birth_counts_and_not_the_declared_one(child):
    verify(child, attributes={"birth_date": birth_date_at(30).isoformat()})
    assert birth_date_of(child) == birth_date_at(30)
    assert not standing_of(child).is_minor
    claims_to_be_old = ResidentFactory()
    # Also once the proof is over: a birthday does not grow old.
    proved = {"birth_date": birth_date_at(16).isoformat()}
    verify(claims_to_be_old, attributes=proved, ended_at=clock.now())
    assert standing_of(claims_to_be_old).lacks_consent


def test_a_minor_without_consent_cannot_be_verified(child):
    assert obstacle_for(child) == "guardian_consent"
    consent = make_consent(child)
    assert obstacle_for(child) == ""
    withdraw(consent.pk, consent.guardian)
    assert obstacle_for(child) == "guardian_consent"


def test_an_adult_who_is_proved_a_minor_meets_the_obstacle_after_all():
    resident = ResidentFactory()
    assert obstacle_for(resident) == ""
    resident.birth_date = birth_date_at(17)  # as the proof says, before it is kept
    assert obstacle_for(resident) == "guardian_consent"


def test_asking_costs_an_adult_one_query_and_a_minor_two(child, django_assert_num_queries):
    adult = ResidentFactory()
    with django_assert_num_queries(1):
        standing_of(adult)
    with django_assert_num_queries(2):
        standing_of(child)


# Withdrawing


def test_withdrawn_it_is_over_at_once_and_stays_in_the_record(child, mailoutbox):
    consent = make_consent(child)
    assert may_disclose(child)
    withdraw(consent.pk, consent.guardian)
    assert not may_disclose(child)
    assert consent_of(child.pk) is None
    assert children_of(consent.guardian) == []
    consent.refresh_from_db()
    assert (consent.end_reason, consent.ended_by) == (ConsentEnd.WITHDRAWN, None)
    first = consent.ended_at
    assert mailoutbox[-1].to == [child.user.email]
    with clock.as_of(clock.now() + timedelta(hours=1)):
        withdraw(consent.pk, consent.guardian)
    consent.refresh_from_db()
    assert consent.ended_at == first
    assert len(mailoutbox) == 1


def test_nobody_withdraws_what_another_gave(child):
    consent = make_consent(child)
    assert refusal(withdraw, consent.pk, make_guardian()) == "consent_gone"
    assert refusal(withdraw, consent.pk, child) == "consent_gone"
    assert consent_of(child.pk) == consent


def test_places_still_to_come_are_given_back_and_the_past_stays(child, kesennuma):
    page = make_activity(kesennuma, sessions=[session_values(), session_values()])
    with municipality_context(kesennuma):
        sooner, later = page.sessions.values_list("uuid", flat=True)
    consent = make_consent(child)
    for session in (sooner, later):
        sign_up(child, kesennuma, session, Wish(guardian_name="母", guardian_phone="0226226600"))
    SignUp.objects.filter(session_uuid=sooner).update(starts_at=clock.now())
    withdraw(consent.pk, consent.guardian)
    over, given_back = (SignUp.objects.get(session_uuid=one) for one in (sooner, later))
    assert over.status == SignUpStatus.SIGNED_UP
    assert (given_back.status, given_back.phone) == (SignUpStatus.WITHDRAWN, "")


def test_after_a_withdrawal_another_consent_can_be_given(child, mailoutbox):
    first = make_consent(child)
    withdraw(first.pk, first.guardian)
    second = give_consent(asked(child, mailoutbox), make_guardian(), "minor_guardian")
    assert consent_of(child.pk) == second
    assert GuardianConsent.objects.filter(resident=child).count() == 2


# The record


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE identity_guardianconsent SET relation = 'facility_head'",
        "UPDATE identity_guardianconsent SET given_at = now()",
        "UPDATE identity_guardianconsent SET guardian_id = resident_id",
        "UPDATE identity_guardianconsent SET end_reason = 'withdrawn'",  # without a time
        "DELETE FROM identity_guardianconsent",
        "TRUNCATE identity_guardianconsent",
    ],
)
def test_a_consent_is_ended_and_never_changed_even_by_the_owner(child, statement):
    make_consent(child)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(ProgrammingError, match="never changed"), transaction.atomic():
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change", ["end_reason = ''", "ended_at = now()", "end_reason = 'came_of_age'"]
)
def test_what_has_ended_stays_as_it_ended(child, change):
    consent = make_consent(child)
    withdraw(consent.pk, consent.guardian)
    with (
        pytest.raises(ProgrammingError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE identity_guardianconsent SET {change}")


# Accounts that close


def test_a_guardian_who_leaves_takes_the_consent_along(child, mailoutbox):
    consent = make_consent(child)
    end_of_account(consent.guardian)
    end_of_account(consent.guardian)
    consent.refresh_from_db()
    assert (consent.end_reason, consent.guardian_name) == (ConsentEnd.GUARDIAN_LEFT, "")
    assert standing_of(child).lacks_consent
    assert [mail.to for mail in mailoutbox] == [[child.user.email]]


def test_a_child_who_leaves_leaves_no_name_behind(child, mailoutbox):
    asked(child, mailoutbox)
    consent, other = make_consent(child), make_consent(make_minor())
    end_of_account(child)
    consent.refresh_from_db()
    assert (consent.end_reason, consent.guardian_name) == (ConsentEnd.CHILD_LEFT, "")
    assert GuardianInvitation.objects.get(outcome="cancelled").email == ""
    other.refresh_from_db()
    assert (other.end_reason, bool(other.guardian_name)) == ("", True)


def test_of_two_proofs_of_the_same_instant_the_one_written_last_counts(child):
    now = clock.now()
    verify(child, verified_at=now, ended_at=now)
    last = verify(child, verified_at=now)
    assert newest_proof_of(child.pk) == last
