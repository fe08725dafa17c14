"""What can be asked about proofs of identity."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Resident, User
from common import clock
from identity.enums import CheckStatus, Waiting
from identity.models import (
    ComingOfAge,
    CounterCheck,
    GuardianConsent,
    GuardianInvitation,
    Verification,
    WaitingProof,
)
from identity.rules.claims import Attributes
from identity.rules.comparison import same_address, same_name
from identity.rules.minors import Standing
from privacy.enums import ConsentPurpose
from privacy.queries import has_consent
from tenants.actors import acting, at_reception, bearer, current_actor, signed_in
from tenants.models import Municipality


def verification_of(resident_id: UUID | str) -> Verification | None:
    """The proof that holds now, if there is one (R10)."""
    return Verification.objects.filter(
        resident_id=resident_id, ended_at=None, valid_until__gt=clock.now()
    ).first()


def newest_proof_of(resident_id: UUID | str) -> Verification | None:
    """The newest proof, whether it holds (`holds`) or has ended; one query for both questions."""
    rows = Verification.objects.filter(resident_id=resident_id)
    # Of two made at the same instant, the one that was written last.
    return rows.order_by("-verified_at", "-pk").first()


def birth_date_of(resident: Resident) -> date:
    """The date of birth that counts for age and premium: the proved one, else the profile's.

    A proof ends, a birthday does not: the newest proof counts, over or not. One query.
    """
    return birth_date_by(newest_proof_of(resident.pk), resident)


def birth_date_by(proof: Verification | None, resident: Resident) -> date:
    """As `birth_date_of`, for whoever has read the newest proof already."""
    proved = proof.proved if proof else None
    return proved.birth_date if proved else resident.birth_date


def waiting_proof_of(user: User, waits_for: Waiting) -> WaitingProof | None:
    return WaitingProof.objects.filter(
        user=user, waits_for=waits_for, expires_at__gt=clock.now()
    ).first()


def differences(proved: Attributes, resident: Resident) -> set[str]:
    """Of name, birth_date and address those where profile and proof differ."""
    same = {
        "name": same_name(proved.family_name, resident.family_name)
        and same_name(proved.given_name, resident.given_name),
        "birth_date": proved.birth_date == resident.birth_date,
        "address": same_address(proved.address, resident.address),
    }
    return {name for name, is_same in same.items() if not is_same}


def holder_of(subject_hash: str) -> Verification | None:
    """The proof of whoever's card this hash is of, in any account.

    Who asks has just proved to hold that card: the hash can be made of nothing else.
    """
    with acting(bearer(subject_hash)) if current_actor() else acting(None):
        return Verification.objects.filter(subject_hash=subject_hash, ended_at=None).first()


@contextmanager
def in_the_name_of(resident_id: UUID | str) -> Iterator[Resident]:
    """Inside, `resident_id` acts, and reads what is theirs.

    For work that concerns somebody who is not there. What is read here goes into a yes or no,
    never to whoever asked.
    """
    with at_reception():
        resident = Resident.objects.select_related("user", "residence").get(pk=resident_id)
    with acting(signed_in(resident.user_id, resident.pk) if current_actor() else None):
        yield resident


def checks_of(municipality: Municipality) -> QuerySet[CounterCheck]:
    """The checks at this municipality's counter, newest first."""
    return CounterCheck.objects.filter(municipality=municipality).select_related(
        "proposed_by", "decided_by"
    )


def open_checks_of(municipality: Municipality) -> QuerySet[CounterCheck]:
    """Those that wait for a second member of staff, the oldest first."""
    return (
        checks_of(municipality)
        .filter(status=CheckStatus.PROPOSED, expires_at__gt=clock.now())
        .order_by("proposed_at")
    )


def consent_of(resident_id: UUID | str) -> GuardianConsent | None:
    """The guardian's consent that nobody has ended. Whether its child is still a minor is asked
    of `standing_of`."""
    return (
        GuardianConsent.objects.filter(resident_id=resident_id, end_reason="")
        .select_related("terms")
        .first()
    )


def standing_of(resident: Resident, born: date | None = None) -> Standing:
    """Whether a resident is a minor today, and whether a guardian has agreed (R11).

    `born` where the date of birth that counts is known already. Read under the resident's own
    claims; one query for an adult, two for a minor, one less with `born`.
    """
    standing = Standing(born=born or birth_date_of(resident), today=clock.today())
    if standing.is_minor:
        return replace(standing, consented=consent_of(resident.pk) is not None)
    return standing


def may_disclose(resident: Resident) -> bool:
    """Whether name and telephone number may go to who runs an activity."""
    return not standing_of(resident).lacks_consent


def may_be_told_to_organisations(resident: Resident) -> bool:
    """Whether organisations may be told of a resident: they agreed, and a minor's guardian too.

    Read under the resident's own claims; one query where they did not agree.
    """
    return has_consent(resident.user, ConsentPurpose.ORGANISATIONS) and may_disclose(resident)


def obstacle_to_verification(resident: Resident) -> str | None:
    """`guardian_consent` where a minor's guardian has not agreed.

    By the date that `resident` brings along: what the profile says before verification begins,
    and what was proved before that is kept.
    """
    standing = standing_of(resident, resident.birth_date)
    return "guardian_consent" if standing.lacks_consent else None


def open_invitation_of(resident: Resident) -> GuardianInvitation | None:
    """The invitation that a minor has sent and that can still be taken up."""
    return GuardianInvitation.objects.filter(
        resident=resident, outcome="", expires_at__gt=clock.now()
    ).first()


def last_invitation_of(resident: Resident) -> GuardianInvitation | None:
    """The newest invitation, whatever became of it."""
    return GuardianInvitation.objects.filter(resident=resident).order_by("-created_at").first()


def coming_of_age_of(resident: Resident) -> ComingOfAge | None:
    """The question to a young adult that waits for an answer."""
    return ComingOfAge.objects.filter(resident=resident, confirmed_at=None).first()


@dataclass(frozen=True)
class ChildOf:
    """A minor somebody has consented for, as their page names them."""

    consent: GuardianConsent
    name: str


def children_of(guardian: Resident) -> list[ChildOf]:
    """The minors for whom `guardian` has consented and still does, oldest consent first.

    Who has come of age since is left out, from the birthday on.
    """
    consents = (
        GuardianConsent.objects.filter(guardian=guardian, end_reason="")
        .select_related("terms")
        .order_by("given_at")
    )
    found = []
    for consent in list(consents):
        with in_the_name_of(consent.resident_id) as child:
            holds = standing_of(child).consent_holds
        if holds:
            found.append(ChildOf(consent, child.name))
    return found


def has_children(guardian: Resident) -> bool:
    """Whether there is a consent of this guardian that nobody has ended."""
    return GuardianConsent.objects.filter(guardian=guardian, end_reason="").exists()


def consents_of(resident_id: UUID | str) -> QuerySet[GuardianConsent]:
    """All consents for a minor, newest first, with text and member of staff: for the counter."""
    return (
        GuardianConsent.objects.filter(resident_id=resident_id)
        .select_related("terms", "municipality__local_government")
        .order_by("-given_at")
    )
