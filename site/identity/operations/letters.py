"""Mails about guardians and coming of age."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

_SUBJECTS = {
    "asked": gettext_noop("%(child)s asks for your consent as a guardian"),
    "agreed": gettext_noop("Your guardian has agreed"),
    "agreed_guardian": gettext_noop("You have agreed as the guardian of %(child)s"),
    "declined": gettext_noop("Your guardian did not agree"),
    "withdrawn": gettext_noop("Your guardian's consent has been withdrawn"),
    "of_age": gettext_noop("You are of age now: please confirm your registration yourself"),
    "of_age_guardian": gettext_noop("Your consent as a guardian has ended"),
}


def tell(email: str | None, language: str, letter: str, **words: Any) -> None:
    """Send `letter` in the reader's language. Who has no address is sent nothing."""
    with translation.override(language):
        EmailMessage(
            subject=translation.gettext(_SUBJECTS[letter]) % words,
            body=render_to_string(f"identity/mail/{letter}.txt", words),
            to=[email or ""],
        ).send()
