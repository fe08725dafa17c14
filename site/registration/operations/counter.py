"""Entering somebody at the counter: for people without e-mail, or who would rather not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.enums import Channel
from accounts.models import CounterEntry, User
from accounts.operations.claim_codes import issue_claim_code
from accounts.operations.counter import make_resident
from accounts.operations.profile import ProfileData
from common import clock
from registration.operations.register import FilledStep, OnBehalf, register
from tenants.actors import standing_in
from tenants.context import public_context
from tenants.hosts import portal_url
from tenants.models import Municipality


@dataclass(frozen=True)
class Received:
    """How a wish came in: who took it, in which way, where its paper is kept.

    `key` is made with the empty form. `email`, if the person gave one, gets one mail that says
    what to do; it signs nobody in until the person has confirmed it themselves.
    """

    key: UUID
    by: User
    channel: Channel
    paper_kept_at: str
    email: str = ""


def enter_person(
    municipality: Municipality,
    data: ProfileData,
    received: Received,
    steps: Sequence[FilledStep] = (),
) -> CounterEntry:
    """Make account, profile, registrations and a claim code, all or nothing.

    The form sent twice makes one person. What is done stands on record as done by staff on
    behalf. Raises `Refused("not_published")` where the municipality takes no registrations.
    """
    made = CounterEntry.objects.filter(key=received.key).first()
    if made:
        return made
    try:
        return _enter(municipality, data, received, steps)
    except IntegrityError:
        # The same form at the same moment: the other one has made the entry.
        return CounterEntry.objects.get(key=received.key)


@transaction.atomic
def _enter(
    municipality: Municipality,
    data: ProfileData,
    received: Received,
    steps: Sequence[FilledStep],
) -> CounterEntry:
    with public_context():
        resident = make_resident(data, received.by)
    with standing_in(resident.user_id, resident.pk):
        made = register(resident, municipality, steps, OnBehalf(received.by.pk, received.channel))
    with public_context():
        entry = CounterEntry.objects.create(
            key=received.key,
            resident=resident,
            municipality=municipality,
            entered_by=received.by,
            channel=received.channel,
            paper_kept_at=received.paper_kept_at,
            registration_number=made[0].number,
            at=clock.now(),
        )
        issue_claim_code(entry, received.by)
        if received.email:
            _tell(received.email, municipality, resident.language)
    return entry


def _tell(email: str, municipality: Municipality, language: str) -> None:
    """No particulars: whether the address is right, nobody knows yet."""
    with translation.override(language):
        EmailMessage(
            subject=translation.gettext("Your registration at the counter of %(municipality)s")
            % {"municipality": municipality.full_name},
            body=render_to_string(
                "registration/mail/entered.txt",
                {"municipality": municipality, "url": portal_url("/claim/")},
            ),
            to=[email],
        ).send()
