"""Mails about sign-ups, in the resident's language."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.models import Resident
from attendance.models import SignUp
from tenants.actors import at_reception
from tenants.hosts import municipality_url, portal_url

_SUBJECTS = {
    "signed_up": gettext_noop("You have a place: %(title)s"),
    "withdrawn": gettext_noop("You have given back your place: %(title)s"),
    "applied": gettext_noop("Your application has arrived: %(title)s"),
    "waiting": gettext_noop("You are on the waiting list: %(title)s"),
    "offered": gettext_noop("A place is free for you. Please answer: %(title)s"),
    "lapsed": gettext_noop("The place went to somebody else: %(title)s"),
    "accepted": gettext_noop("You have been accepted: %(title)s"),
    "declined": gettext_noop("You could not be accepted: %(title)s"),
    "drawn": gettext_noop("You have been drawn: %(title)s"),
    "not_drawn": gettext_noop("You have not been drawn: %(title)s"),
    "cancelled": gettext_noop("This activity does not take place: %(title)s"),
    "moved": gettext_noop("New time or place: %(title)s"),
    "reminder": gettext_noop("Tomorrow: %(title)s"),
}


def tell(sign_up: SignUp, letter: str, resident: Resident | None = None, **words: Any) -> None:
    """Send `letter` about a sign-up. `resident` where whoever acts has their row already."""
    if resident is None:
        # Who waits is told by whoever else's move it was: only the address leaves the desk.
        with at_reception():
            resident = Resident.objects.select_related("user").get(pk=sign_up.resident_id)
    if not resident.user.email:
        return  # no address, or an account that was closed meanwhile
    with translation.override(resident.language):
        EmailMessage(
            subject=translation.gettext(_SUBJECTS[letter]) % {"title": sign_up.activity_title},
            body=render_to_string(
                f"attendance/mail/{letter}.txt",
                {
                    "place": sign_up,
                    "resident": resident,
                    "url": municipality_url(sign_up.municipality, sign_up.page_path),
                    "mine": portal_url("/my/sign-ups/"),
                    **words,
                },
            ),
            to=[resident.user.email],
        ).send()
