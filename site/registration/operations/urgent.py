"""Telling registrants at once that a municipality asks for help (A10.12).

Each municipality writes to its own registrants who agreed to news from it: the one that asks, and
its prefecture. Neither reads the other's registrants. Whoever agreed to news from both is told by
both.
"""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from activities.models import ActivityPage
from identity.queries import in_the_name_of
from notifications.operations import enqueue
from privacy.queries import wants_mail_from
from registration.queries import registrants_of
from tenants.context import current_municipality
from tenants.hosts import municipality_url, portal_url

URGENT_CALL, URGENT_MAIL = "registration.urgent_call", "registration.urgent_mail"
AT_ONCE = 500


def call_for_help(page: ActivityPage) -> None:
    """Have registrants of the active municipality and of its prefecture told of `page`."""
    here = current_municipality()
    message = {
        "municipality": here.full_name,
        "title": page.title,
        "summary": page.summary,
        "url": municipality_url(here, page.public_path),
        "after": 0,
    }
    prefecture = here.prefecture_municipality()
    for place in (here, prefecture):
        if place is not None and place.is_published:
            enqueue(URGENT_CALL, message, municipality_code=place.code)


def spread_call(payload: dict[str, Any]) -> None:
    """A message for each of the next registrants of the active municipality, and one for the rest.

    In the transaction of the outbox: a part is written whole, or again.
    """
    code = current_municipality().code
    rows = list(
        registrants_of(current_municipality())
        .filter(pk__gt=payload["after"])
        .order_by("pk")
        .values_list("pk", "resident_id")[:AT_ONCE]
    )
    for _pk, resident in rows:
        enqueue(URGENT_MAIL, {**payload, "resident": str(resident)}, municipality_code=code)
    if len(rows) == AT_ONCE:
        enqueue(URGENT_CALL, {**payload, "after": rows[-1][0]}, municipality_code=code)


def tell_of_call(payload: dict[str, Any]) -> None:
    """Write to one registrant, who at this moment still agrees to news from the municipality."""
    here = current_municipality()
    with in_the_name_of(payload["resident"]) as resident:
        if resident.closed_at or not resident.user.email:
            return
        if not wants_mail_from(resident.user, here):
            return
        with translation.override(resident.language):
            words = {**payload, "sender": here.full_name, "resident": resident}
            EmailMessage(
                subject=gettext("Urgent: %(municipality)s asks for help – %(title)s") % words,
                body=render_to_string(
                    "registration/mail/urgent.txt",
                    {**words, "consents_url": portal_url("/my/consents/")},
                ),
                to=[resident.user.email],
            ).send()
