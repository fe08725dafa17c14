"""Bringing a note of thanks to those who took part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from activities.queries import thanks_for_sessions
from attendance.models import ParticipationRecord
from attendance.operations.check_in import at_municipality
from attendance.queries import records_for
from identity.queries import in_the_name_of
from notifications.operations import enqueue
from tenants.context import current_municipality
from tenants.hosts import portal_url

THANKS, THANKS_MAIL = "attendance.thanks", "attendance.thanks_mail"


def bring_thanks(session: Any, text: str, page: Any, organisation: Any = None) -> None:
    """Have everybody told whose participation is recorded when the message is delivered; in the
    name of `organisation`, or else of the municipality."""
    enqueue(
        THANKS,
        {
            "session": str(session.uuid),
            "title": page.title,
            "text": text,
            "sender": organisation.name if organisation else current_municipality().full_name,
        },
        municipality_code=current_municipality().code,
    )


def spread_thanks(payload: dict[str, Any]) -> None:
    """A message for each person. In the transaction of the outbox: all of them, or again."""
    here = current_municipality()
    for resident in records_for(here, UUID(payload["session"])).values_list("resident", flat=True):
        message = {**payload, "resident": str(resident)}
        enqueue(THANKS_MAIL, message, municipality_code=here.code)


def thank(payload: dict[str, Any]) -> None:
    """Write to one person, unless the account is closed or has no address."""
    here = current_municipality()
    with in_the_name_of(payload["resident"]) as resident:
        if resident.closed_at or not resident.user.email:
            return
        with translation.override(resident.language):
            EmailMessage(
                subject=gettext("Thank you for taking part: %(title)s") % payload,
                body=render_to_string(
                    "attendance/mail/thanks.txt",
                    {
                        **payload,
                        # Of a message from before, which did not say.
                        "sender": payload.get("sender", here.full_name),
                        "name": resident.name,
                        "url": portal_url("/my/history/"),
                        "voice_url": portal_url(f"/my/voices/{here.code}/{payload['session']}/"),
                    },
                ),
                to=[resident.user.email],
            ).send()


def thanks_for(records: Iterable[ParticipationRecord]) -> dict[UUID, str]:
    """The note of thanks of each session that has one; one query a municipality."""
    sessions = defaultdict(list)
    for record in records:
        sessions[record.municipality_id].append(record.session_uuid)
    found: dict[UUID, str] = {}
    for code, uuids in sessions.items():
        with at_municipality(code):
            found |= thanks_for_sessions(uuids)
    return found
