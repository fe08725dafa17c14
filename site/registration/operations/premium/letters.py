"""Mails about premium standing, in the resident's language."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from registration.models import Registration
from registration.queries import parameters_on
from tenants.hosts import portal_url

_SUBJECTS = {
    "granted": gettext_noop("%(premium)s with %(municipality)s: you are registered"),
    "renewed": gettext_noop("%(premium)s with %(municipality)s: renewed"),
    "lapsed": gettext_noop("%(premium)s with %(municipality)s: over"),
    "refused": gettext_noop("%(premium)s with %(municipality)s: not granted"),
    "question": gettext_noop(
        "%(premium)s with %(municipality)s: a question about your application"
    ),
    "applied": gettext_noop("%(premium)s with %(municipality)s: your application has arrived"),
    "at_renewal": gettext_noop(
        "%(premium)s with %(municipality)s: what will be missing at the renewal"
    ),
    "participation_voided": gettext_noop(
        "%(premium)s with %(municipality)s: a participation no longer counts"
    ),
    "over_limit": gettext_noop("%(premium)s with %(municipality)s: more than the limit"),
    "long_stay": gettext_noop("%(premium)s with %(municipality)s: your stays"),
    "joined_late": gettext_noop("You are registered with %(municipality)s too"),
}  # fmt: skip


def tell(registration: Registration, letter: str, **words: Any) -> None:
    """Send `letter` about a registration. Who has no address is sent nothing."""
    resident = registration.resident
    with translation.override(resident.language):
        named = {
            **parameters_on().names(resident.language),
            "municipality": registration.municipality.full_name,
        }
        EmailMessage(
            subject=translation.gettext(_SUBJECTS[letter]) % named,
            body=render_to_string(
                f"registration/mail/premium/{letter}.txt",
                {
                    "resident": resident,
                    "registration": registration,
                    "url": portal_url("/my/"),
                    **named,
                    **words,
                },
            ),
            to=[resident.user.email or ""],
        ).send()
