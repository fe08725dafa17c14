"""The resident answers an officer's question (A3.5)."""

from __future__ import annotations

from django.db import transaction

from common.refusal import Refused
from registration.enums import ApplicationStatus
from registration.models import ApplicationMessage, PremiumApplication
from registration.operations.premium.common import in_their_name
from registration.rules.moves import Move, moved


@transaction.atomic
def answer(application: PremiumApplication, text: str) -> PremiumApplication:
    """Keep the answer and put the application back before the officer; sent twice it is one.

    Raises `Refused("text_missing")`, and `IllegalMove` where nothing was asked.
    """
    text = text.strip()
    if not text:
        raise Refused("text_missing")
    with in_their_name(application.registration) as registration:
        row = PremiumApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
        if row.status == ApplicationStatus.SUBMITTED and said_last(row, text, by_staff=False):
            return row
        row.status = ApplicationStatus(moved(row.status, Move.ANSWER))
        row.save(update_fields=["status"])
        ApplicationMessage.objects.create(
            application=row, author=registration.resident.user, by_staff=False, text=text
        )
        return row


def said_last(application: PremiumApplication, text: str, *, by_staff: bool) -> bool:
    """Whether the newest message is this one: the form was sent twice."""
    newest = ApplicationMessage.objects.filter(application=application).last()
    return newest is not None and (newest.text, newest.by_staff) == (text, by_staff)
