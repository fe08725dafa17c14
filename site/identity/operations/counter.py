"""The card at the counter: one looks, another looks again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import Resident, User
from common import clock
from common.refusal import Refused
from identity.enums import CardKind, CheckStatus
from identity.methods import counter
from identity.methods.counter import SecondLook
from identity.models import CounterCheck, Verification
from identity.operations.verify import REPLACED, as_proved, ask_obstacles, insert
from identity.queries import in_the_name_of, verification_of
from identity.registry import Registrant, directory
from identity.rules.claims import Attributes
from identity.signals import proof_changed
from tenants.hosts import portal_url
from tenants.models import Municipality


@dataclass(frozen=True)
class Look:
    """What a member of staff read on a card."""

    card: CardKind
    card_until: date
    attributes: Attributes


@transaction.atomic
def propose(municipality: Municipality, resident_id: UUID, look: Look, staff: User) -> CounterCheck:
    """Keep what the first member of staff saw, for seven days.

    Raises `Refused`: "not_registered", "already_verified", "check_open" (a colleague has
    proposed), an obstacle's code, asked with the birth date on the card.
    """
    registrant = _registrant(municipality, resident_id)
    _ask(registrant, look.attributes.birth_date)
    now = clock.now()
    CounterCheck.objects.filter(
        municipality=municipality,
        resident_id=resident_id,
        status=CheckStatus.PROPOSED,
        expires_at__lte=now,
    ).update(status=CheckStatus.EXPIRED, attributes={}, card_until="")
    try:
        with transaction.atomic():
            return CounterCheck.objects.create(
                municipality=municipality,
                resident_id=resident_id,
                number=registrant.number,
                card=look.card,
                card_until=look.card_until,
                attributes=look.attributes.as_json(),
                proposed_by=staff,
                proposed_at=now,
                expires_at=now + settings.IDENTITY_CHECK_LIFETIME,
            )
    except IntegrityError:
        raise Refused("check_open") from None


@transaction.atomic
def confirm(check_id: int, municipality: Municipality, staff: User) -> Verification:
    """The second member of staff has looked too: the proof is kept and the resident told.

    Raises `Refused`: "check_over", "same_person", "not_registered", "already_verified", an
    obstacle's code.
    """
    check = _locked(check_id, municipality)
    proof = counter.prove(SecondLook(check, staff.pk))
    registrant = _registrant(municipality, check.resident_id)
    _ask(registrant, proof.attributes.birth_date)
    with in_the_name_of(check.resident_id):
        # One that is over may still stand open; none that holds does (`_ask`).
        Verification.objects.filter(resident_id=check.resident_id, ended_at=None).update(
            ended_at=clock.now(), end_reason=REPLACED
        )
    made = insert(as_proved(_as_known(registrant), proof), proof)
    with in_the_name_of(check.resident_id) as resident:
        proof_changed.send(sender=Verification, resident=resident)
    _decide(check, CheckStatus.CONFIRMED, staff)
    _tell(registrant, municipality)
    return made


@transaction.atomic
def refuse(check_id: int, municipality: Municipality, staff: User) -> None:
    """The card is somebody else's, or nobody came back with it: no proof. By either of the two.

    Raises `Refused("check_over")`.
    """
    check = _locked(check_id, municipality)
    if check.status != CheckStatus.PROPOSED:
        raise Refused("check_over")
    _decide(check, CheckStatus.REFUSED, staff)


def expire_checks() -> int:
    """What nobody confirmed in time is over, and what was read on the card is gone."""
    return CounterCheck.objects.filter(
        status=CheckStatus.PROPOSED, expires_at__lte=clock.now()
    ).update(status=CheckStatus.EXPIRED, attributes={}, card_until="")


def _locked(check_id: int, municipality: Municipality) -> CounterCheck:
    return CounterCheck.objects.select_for_update().get(pk=check_id, municipality=municipality)


def _decide(check: CounterCheck, status: CheckStatus, staff: User) -> None:
    check.status, check.decided_by, check.decided_at = status, staff, clock.now()
    check.attributes, check.card_until = {}, None
    check.save(update_fields=["status", "decided_by", "decided_at", "attributes", "card_until"])


def _registrant(municipality: Municipality, resident_id: UUID) -> Registrant:
    registrant = directory().find(municipality, resident_id)
    if registrant is None:
        raise Refused("not_registered")
    return registrant


def _ask(registrant: Registrant, birth_date: date) -> None:
    known = _as_known(registrant)
    known.birth_date = birth_date
    ask_obstacles(known)
    # Staff read no proofs; whether there is one is all that they learn.
    with in_the_name_of(registrant.resident_id):
        verified = verification_of(registrant.resident_id) is not None
    if verified:
        raise Refused("already_verified")


def _as_known(registrant: Registrant) -> Resident:
    """The resident as far as the municipality knows them. Not to be saved."""
    return Resident(
        pk=registrant.resident_id,
        family_name=registrant.family_name,
        given_name=registrant.given_name,
        birth_date=registrant.birth_date,
    )


def _tell(registrant: Registrant, municipality: Municipality) -> None:
    """Mails of the platform to people whose language staff do not know are Japanese."""
    with translation.override(settings.LANGUAGE_CODE):
        EmailMessage(
            subject=translation.gettext("Your identity has been verified"),
            body=render_to_string(
                "identity/mail/verified_at_counter.txt",
                {
                    "name": registrant.name,
                    "municipality": municipality,
                    "page_url": portal_url("/my/identity/"),
                },
            ),
            to=[registrant.email or ""],
        ).send()
