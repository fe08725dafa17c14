"""A guardian's consent (R11): asked for, given with the guardian's own account, ended.

1. The minor names a guardian's address; a mail carries a link (`ask_guardian`).
2. The guardian opens it, signed in with an account of their own, verified as an adult, reads the
   text and agrees (`give_consent`), or does not (`decline`).
3. The guardian withdraws at any time (`withdraw`); from the next request on it is gone.

At the counter: `identity.operations.counter_consents`. The 18th birthday:
`identity.operations.coming_of_age`.

Attacks this answers:
- the child opens the mail themselves: whoever agrees must be proved an adult, in another account,
  and one person is verified in one account only;
- somebody consents for a child who never asked: the database takes a consent only for an
  invitation that the child made and this guardian took up;
- a link read from a log or a forwarded mail: it works once, for 14 days, only its hash is kept,
  and whoever takes it up stands in the record by proved name;
- mail to strangers through us: five invitations a day.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import Resident
from common import clock
from common.refusal import Refused
from identity.enums import ConsentEnd, ConsentMethod, InvitationOutcome, Relation
from identity.models import GuardianConsent, GuardianInvitation
from identity.operations.letters import tell
from identity.queries import (
    in_the_name_of,
    standing_of,
    verification_of,
)
from identity.rules.minors import GuardianInput, may_consent
from identity.signals import consent_withdrawn
from tenants.actors import at_reception
from tenants.enums import TermsKind
from tenants.hosts import portal_url
from tenants.models import Terms

INVITATION_DAYS = 14
INVITATIONS_A_DAY = 5


def text_in_force() -> Terms:
    """What a guardian agrees to today."""
    return Terms.objects.in_force(TermsKind.GUARDIAN)


@transaction.atomic
def ask_guardian(resident: Resident, email: str) -> GuardianInvitation:
    """Invite a guardian by mail; an invitation still open is taken back.

    Raises `Refused`: `of_age`, `consent_holds`, `own_address`, `too_many_invitations` (limit).
    """
    # The minor's row is the lock: two at once would both find no open invitation.
    resident = Resident.objects.select_for_update(of=("self",), no_key=True).get(pk=resident.pk)
    standing = standing_of(resident)
    if not standing.is_minor:
        raise Refused("of_age")
    if standing.consented:
        raise Refused("consent_holds")
    email = email.strip().lower()
    if email == resident.user.email:
        raise Refused("own_address")
    now = clock.now()
    sent = GuardianInvitation.objects.filter(
        resident=resident, created_at__gt=now - timedelta(days=1)
    )
    if sent.count() >= INVITATIONS_A_DAY:
        raise Refused("too_many_invitations", limit=INVITATIONS_A_DAY)
    cancel_invitation(resident)
    token = secrets.token_urlsafe(32)
    invitation = GuardianInvitation.objects.create(
        resident=resident,
        email=email,
        token_hash=_hash(token),
        created_at=now,
        expires_at=now + timedelta(days=INVITATION_DAYS),
    )
    tell(
        email,
        resident.language,
        "asked",
        child=resident.name,
        url=portal_url(f"/guardian/{token}/"),
        days=INVITATION_DAYS,
    )
    return invitation


@transaction.atomic
def cancel_invitation(resident: Resident) -> None:
    """Take back the open invitation; nothing happens where there is none."""
    GuardianInvitation.objects.filter(resident=resident, outcome="").update(
        outcome=InvitationOutcome.CANCELLED, email=""
    )


def expire_invitations() -> int:
    """Close those nobody answered in time, and forget the addresses; returns how many. Run by the
    worker."""
    return GuardianInvitation.objects.filter(outcome="", expires_at__lte=clock.now()).update(
        outcome=InvitationOutcome.EXPIRED, email=""
    )


def open_invitation(token: str) -> GuardianInvitation:
    """The invitation that `token` opens, with the child who made it.

    Raises `Refused("invitation_invalid")` also where the child has come of age or has left.
    """
    with at_reception():
        invitation = (
            GuardianInvitation.objects.select_related("resident__user")
            .filter(token_hash=_hash(token), outcome="", expires_at__gt=clock.now())
            .first()
        )
    if invitation is None or invitation.resident.closed_at:
        raise Refused("invitation_invalid")
    with in_the_name_of(invitation.resident_id) as child:
        if not standing_of(child).is_minor:
            raise Refused("invitation_invalid")
    return invitation


def check_guardian(invitation: GuardianInvitation, guardian: Resident) -> None:
    """Whether `guardian` can take up `invitation`. Raises `Refused` with the first reason why not:
    `guardian_is_another`, `guardian_verified`, `guardian_of_age`."""
    proof = verification_of(guardian.pk)
    decision = may_consent(
        GuardianInput(
            is_the_child=guardian.pk == invitation.resident_id,
            born=proof.proved.birth_date if proof and proof.proved else None,
            today=clock.today(),
        )
    )
    if not decision.allowed:
        raise Refused(decision.unmet[0].code)


@transaction.atomic
def give_consent(token: str, guardian: Resident, relation: str) -> GuardianConsent:
    """Keep that `guardian` agrees, to the text in force, and tell the child.

    Raises `Refused` as `open_invitation` and `check_guardian` do, or `consent_holds`.
    """
    invitation = open_invitation(token)
    check_guardian(invitation, guardian)
    proof = verification_of(guardian.pk)
    assert proof is not None
    child = invitation.resident
    with at_reception():
        # One statement decides who is first, however often the form is sent.
        taken_up = GuardianInvitation.objects.filter(pk=invitation.pk, outcome="").update(
            outcome=InvitationOutcome.AGREED, guardian=guardian, email=""
        )
    if not taken_up:
        raise Refused("invitation_invalid")
    consent = keep(
        resident=child,
        guardian=guardian,
        guardian_name=_proved_name(proof.attributes) or guardian.name,
        relation=Relation(relation),
        method=ConsentMethod.INVITATION,
        invitation=invitation,
        guardian_verified_at=proof.verified_at,
    )
    tell(child.user.email, child.language, "agreed", child=child.name, url=_page_of_child())
    tell(
        guardian.user.email,
        guardian.language,
        "agreed_guardian",
        child=child.name,
        guardian=guardian.name,
        url=portal_url("/my/children/"),
    )
    return consent


def keep(**fields: Any) -> GuardianConsent:
    """Write a consent, to the text in force, now. Raises `Refused("consent_holds")` where there is
    one already: perhaps a paper came in at a counter at this moment."""
    try:
        with transaction.atomic():
            return GuardianConsent.objects.create(
                terms=text_in_force(), given_at=clock.now(), **fields
            )
    except IntegrityError as problem:
        raise Refused("consent_holds") from problem


@transaction.atomic
def decline(token: str) -> None:
    """Close the invitation without a consent, and tell the child.

    Raises `Refused` as `open_invitation` does.
    """
    invitation = open_invitation(token)
    with at_reception():
        closed = GuardianInvitation.objects.filter(pk=invitation.pk, outcome="").update(
            outcome=InvitationOutcome.DECLINED, email=""
        )
    if closed:
        child = invitation.resident
        tell(child.user.email, child.language, "declined", child=child.name, url=_page_of_child())


@transaction.atomic
def withdraw(consent_id: int, guardian: Resident) -> None:
    """End the consent that `guardian` gave; one that is over stays as it is.

    Raises `Refused("consent_gone")` where it is none of theirs.
    """
    consent = (
        GuardianConsent.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=consent_id, guardian=guardian)
        .first()
    )
    if consent is None:
        raise Refused("consent_gone")
    if not consent.is_over:
        end(consent, ConsentEnd.WITHDRAWN)


def end(consent: GuardianConsent, reason: ConsentEnd, **more: Any) -> None:
    """Write that a locked `consent` is over, undo what waited on it, and tell the child.

    A child who is of age is the coming of age's to close: nobody takes anything from an adult, and
    no day is written beside the birthday.
    """
    with in_the_name_of(consent.resident_id) as child:
        if reason != ConsentEnd.CHILD_LEFT and not standing_of(child).is_minor:
            return
    consent.end_reason = reason
    consent.ended_at = clock.now()
    for name, value in more.items():
        setattr(consent, name, value)
    consent.save(update_fields=["end_reason", "ended_at", *more])
    with in_the_name_of(consent.resident_id) as child:
        if reason == ConsentEnd.CHILD_LEFT:
            return
        consent_withdrawn.send(sender=GuardianConsent, child=child)
        tell(child.user.email, child.language, "withdrawn", child=child.name, url=_page_of_child())


@transaction.atomic
def end_of_account(resident: Resident) -> None:
    """What becomes of consents when an account closes; called by whoever closes it, under the
    resident's own claims and before the row is emptied.

    Those the resident gave end, and the children are told; those for the resident end too. Names
    and addresses in them go. Safe to repeat.
    """
    cancel_invitation(resident)
    of_resident = Q(guardian=resident) | Q(resident=resident)
    consents = GuardianConsent.objects.filter(of_resident)
    for consent in consents.select_for_update(of=("self",), no_key=True).filter(end_reason=""):
        is_own = consent.resident_id == resident.pk
        end(consent, ConsentEnd.CHILD_LEFT if is_own else ConsentEnd.GUARDIAN_LEFT)
    consents.update(guardian_name="")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _proved_name(attributes: dict[str, Any] | None) -> str:
    parts = [(attributes or {}).get(part, "") for part in ("family_name", "given_name")]
    return " ".join(part for part in parts if part)


def _page_of_child() -> str:
    return portal_url("/my/guardian/")
