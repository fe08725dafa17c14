"""Ending a registration at the resident's wish."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from common import clock
from common.refusal import Refused
from privacy.operations.consents import end_at
from registration.enums import EventKind, Origin, RegistrationStatus
from registration.models import Registration
from registration.operations.premium.common import By
from registration.operations.premium.ending import end_with
from registration.operations.premium.settling import settle
from registration.operations.register import lock_resident, record
from registration.rules.coregistration import Action, changes_on_leaving
from registration.signals import ended
from tenants.context import public_context
from tenants.hosts import portal_url


@transaction.atomic
def leave(registration: Registration, reason: str = "") -> list[Registration]:
    """End `registration`; the co-registered prefecture's too once no city holds it (R5).

    What was agreed to for a municipality that is left ends with it, as does premium there; a
    place that becomes free may bring another within the limit again, or the other way round (R7).
    Returns the registrations that ended. Safe to repeat: one that has ended stays as it is.
    A prefecture that a city holds stays co-registered if it was direct, and otherwise raises
    `Refused("held_by_city", municipalities=[full names])`.
    """
    with public_context():
        resident = lock_resident(registration.resident)
        active = {
            str(row.municipality_id): row
            for row in Registration.objects.filter(
                resident=resident, status=RegistrationStatus.ACTIVE
            ).select_related("municipality__local_government__prefecture")
        }
        code = str(registration.municipality_id)
        if code not in active or active[code].pk != registration.pk:
            return []
        municipality = active[code].municipality
        cities = {
            other: row
            for other, row in active.items()
            if other != code
            and not row.municipality.is_prefecture
            and row.municipality.prefecture_code == municipality.prefecture_code
        }
        changes = changes_on_leaving(
            code,
            None if municipality.is_prefecture else municipality.prefecture_code,
            {other: row.origin for other, row in active.items()},
            set(cities),
        )
        if not changes:
            raise Refused(
                "held_by_city",
                municipalities=[row.municipality.full_name for row in cities.values()],
            )
        over = []
        for change in changes:
            row = active[change.municipality]
            row.resident = resident
            if change.action is Action.MAKE_CO_REGISTERED:
                row.origin = Origin.CO_REGISTERED
                row.save(update_fields=["origin"])
                record(row, EventKind.MADE_CO_REGISTERED, resident, reason)
                end_with(row, By(resident.user_id))
            else:
                end(row, reason)
                over.append(row)
        settle(resident, By(resident.user_id))
        if over:
            end_at(resident.user, [row.municipality for row in over])
            _confirm(over)
        for row in over:
            ended.send(sender=Registration, registration=row)
        return over


def end(registration: Registration, reason: str = "") -> None:
    """Write that a registration has ended, and its premium standing and applications with it; who
    calls this settles what follows (`premium.settle`) and tells whoever has to know."""
    registration.status = RegistrationStatus.ENDED
    registration.ended_at = clock.now()
    registration.save(update_fields=["status", "ended_at"])
    end_with(registration, By(registration.resident.user_id))
    record(registration, EventKind.ENDED, registration.resident, reason)


def _confirm(registrations: list[Registration]) -> None:
    first = registrations[0]
    resident = first.resident
    with translation.override(resident.language):
        EmailMessage(
            subject=translation.gettext("Your registration with %(municipality)s has ended")
            % {"municipality": first.municipality.full_name},
            body=render_to_string(
                "registration/mail/left.txt",
                {
                    "resident": resident,
                    "registrations": registrations,
                    "portal_url": portal_url("/"),
                },
            ),
            to=[resident.user.email or ""],
        ).send()
