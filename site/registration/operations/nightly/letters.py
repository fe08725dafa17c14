"""What the night's work tells people: each message is written when it is delivered, in the
resident's language, and only if it is still true then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import date_format

from accounts.models import Resident
from identity.queries import in_the_name_of
from registration.enums import PremiumEnd, RegistrationStatus
from registration.models import PremiumStanding, Registration
from registration.operations.premium.letters import tell
from registration.queries import parameters_on
from tenants.hosts import portal_url

_GOVERNMENT = "municipality__local_government__prefecture"


def warn_of_release(payload: dict[str, Any]) -> None:
    """That all registrations will end; not to whoever has been here since."""
    with _of(payload) as resident:
        if resident is None or resident.seen_on.isoformat() != payload["seen_on"]:
            return
        rows = Registration.objects.filter(resident=resident, status=RegistrationStatus.ACTIVE)
        ends_on = date.fromisoformat(payload["release_on"])
        _send(
            resident,
            translation.gettext("Your registrations end on %(day)s unless you sign in")
            % {"day": _written(ends_on)},
            "release_warning",
            registrations=list(rows.select_related(_GOVERNMENT).order_by("pk")),
            day=_written(ends_on),
        )


def tell_of_release(payload: dict[str, Any]) -> None:
    """That these registrations have ended."""
    with _of(payload) as resident:
        if resident is None:
            return
        rows = Registration.objects.filter(resident=resident, pk__in=payload["registrations"])
        _send(
            resident,
            translation.gettext("Your registrations have ended"),
            "released",
            registrations=list(rows.select_related(_GOVERNMENT).order_by("pk")),
        )


def tell_of_end(payload: dict[str, Any]) -> None:
    """That a premium standing ends soon; not once it was renewed or is over."""
    with _of(payload) as resident:
        standing = _standing(payload) if resident else None
        if standing is None or standing.ends_on.isoformat() != payload["ends_on"]:
            return
        assert resident is not None
        names = parameters_on().names(resident.language)
        words = {
            "name": names["premium"],
            "basic": names["basic"],
            "municipality": standing.municipality.full_name,
        }
        _send(
            resident,
            translation.gettext("%(name)s registration with %(municipality)s ends soon") % words,
            "premium_ends",
            day=_written(standing.ends_on),
            **words,
        )


def tell_of_renewal(payload: dict[str, Any]) -> None:
    _tell(payload, "renewed")


def tell_of_lapse(payload: dict[str, Any]) -> None:
    _tell(payload, "lapsed", reason=PremiumEnd.NOT_RENEWED.label)


def tell_of_limit(payload: dict[str, Any]) -> None:
    _tell(payload, "over_limit")


def _tell(payload: dict[str, Any], letter: str, **words: Any) -> None:
    """One of the letters that operations on one standing send too."""
    with _of(payload) as resident:
        if resident is not None:
            rows = PremiumStanding.objects.select_related("registration", _GOVERNMENT)
            standing = rows.get(pk=payload["standing"])
            registration = standing.registration
            registration.resident, registration.municipality = resident, standing.municipality
            tell(registration, letter, standing=standing, **words)


def _standing(payload: dict[str, Any]) -> PremiumStanding | None:
    rows = PremiumStanding.objects.running().select_related(_GOVERNMENT)
    return rows.filter(pk=payload["standing"]).first()


@contextmanager
def _of(payload: dict[str, Any]) -> Iterator[Resident | None]:
    """Inside, the resident acts, in their language; None for who has closed the account or
    cannot be written to."""
    with in_the_name_of(payload["resident"]) as resident, translation.override(resident.language):
        yield None if resident.closed_at or not resident.user.email else resident


def _written(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def _send(resident: Resident, subject: str, template: str, **words: Any) -> None:
    words |= {"resident": resident, "url": portal_url("/my/")}
    EmailMessage(
        subject=subject,
        body=render_to_string(f"registration/mail/{template}.txt", words),
        to=[resident.user.email or ""],
    ).send()
