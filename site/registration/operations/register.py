"""Finishing the form registers: no requirement, no approval (R3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.enums import Channel
from accounts.models import Resident
from accounts.operations.access import keep_seen
from common import clock
from common.refusal import Refused
from privacy.enums import ConsentPurpose
from privacy.operations.consents import Given, keep
from privacy.queries import texts_in_force
from registration.enums import EventKind, Origin, RegistrationStatus
from registration.models import Registration, RegistrationCounter, RegistrationEvent
from registration.operations.disclosure import disclosed
from registration.rules.coregistration import Action, Change, changes_on_registering
from registration.signals import registered
from tenants.context import municipality_context, public_context
from tenants.hosts import municipality_url, portal_url
from tenants.models import Municipality


class FilledStep(Protocol):
    """A step of the form with valid answers (see `registration.steps`)."""

    def save(self, registration: Registration) -> None:
        """Called in the municipality's schema, in the transaction of the registration."""


@dataclass(frozen=True)
class OnBehalf:
    """Staff who act in a resident's place: their account, and how they were asked to."""

    account: int
    channel: Channel


@transaction.atomic
def register(
    resident: Resident,
    municipality: Municipality,
    step_forms: Sequence[FilledStep] = (),
    by: OnBehalf | None = None,
    *,
    wants_mail: bool = False,
) -> list[Registration]:
    """Register `resident` with `municipality`, and with its prefecture if that takes part.

    Safe to repeat: where all of it holds already nothing is written, no answers and no mail.
    All or nothing: a step that fails leaves neither registration nor answers (A4.2). Returns
    the registrations that hold now, the municipality's own first, then its prefecture's.
    The history says who acted: the resident, or staff (`by`) in their place. That they agree
    to each municipality's being told is kept, and with `wants_mail` that this one may send news.
    Raises `Refused("not_published")` where the municipality takes no registrations, and
    `Refused("account_closed")` where the person has closed the account at this moment.
    """
    if not municipality.is_published:
        raise Refused("not_published")
    with public_context():
        resident = lock_resident(resident)
        if resident.closed_at:
            raise Refused("account_closed")
        prefecture = municipality.prefecture_municipality()
        places = {place.code: place for place in (municipality, prefecture) if place}
        _is_here(resident)
        held = _held(resident, places)
        changes = changes_on_registering(
            municipality.code,
            prefecture.code if prefecture else None,
            {code: registration.origin for code, registration in held.items()},
        )
        for change in changes:
            code = change.municipality
            held[code] = _apply(change, resident, places[code], held.get(code), by)
        if changes:
            told = [places[change.municipality] for change in changes]
            _keep_consents(resident, told, municipality if wants_mail else None, by)
    result = [held[code] for code in places]
    if any(change.municipality == municipality.code for change in changes):
        with municipality_context(municipality):
            for step in step_forms:
                step.save(result[0])
    with public_context():
        if changes:
            _confirm(resident, result)
        for change in changes:
            if change.action is not Action.MAKE_DIRECT:
                registered.send(sender=Registration, registration=held[change.municipality])
    return result


def _is_here(resident: Resident) -> None:
    """Where staff act, the person stands before them, and may never sign in."""
    if resident.seen_on < clock.today():
        keep_seen(resident.user_id)


def lock_resident(resident: Resident) -> Resident:
    """One registering or leaving at a time for one person; returns the resident as stored."""
    return (
        Resident.objects.select_for_update(of=("self",), no_key=True)
        .select_related("user", "residence__prefecture")
        .get(pk=resident.pk)
    )


def _held(resident: Resident, places: dict[str, Municipality]) -> dict[str, Registration]:
    rows = Registration.objects.filter(
        resident=resident, municipality__in=list(places), status=RegistrationStatus.ACTIVE
    )
    held = {str(row.municipality_id): row for row in rows}
    for code, row in held.items():
        row.municipality, row.resident = places[code], resident  # read already
    return held


def _apply(
    change: Change,
    resident: Resident,
    municipality: Municipality,
    held: Registration | None,
    by: OnBehalf | None,
) -> Registration:
    if change.action is Action.MAKE_DIRECT and held:
        held.origin = Origin.DIRECT
        held.save(update_fields=["origin"])
        record(held, EventKind.MADE_DIRECT, resident, by=by)
        return held
    co_registered = change.action is Action.CO_REGISTER
    returning = Registration.objects.filter(resident=resident, municipality=municipality).exists()
    registration = Registration.objects.create(
        resident=resident,
        municipality=municipality,
        origin=Origin.CO_REGISTERED if co_registered else Origin.DIRECT,
        number=_next_number(municipality),
        registered_at=clock.now(),
        **disclosed(resident, municipality),
    )
    if co_registered:
        record(registration, EventKind.CO_REGISTERED, resident, by=by)
    else:
        kind = EventKind.REGISTERED_AGAIN if returning else EventKind.REGISTERED
        record(registration, kind, resident, by=by)
    return registration


def _keep_consents(
    resident: Resident,
    told: Sequence[Municipality],
    writes: Municipality | None,
    by: OnBehalf | None,
) -> None:
    """`told` are the municipalities that know of the resident from now on; `writes` sends news."""
    texts = texts_in_force([ConsentPurpose.DISCLOSURE, ConsentPurpose.MAILING])
    given = [Given(texts[ConsentPurpose.DISCLOSURE], place) for place in told]
    if writes:
        given.append(Given(texts[ConsentPurpose.MAILING], writes))
    keep(resident.user, given, by.account if by else None)


def _next_number(municipality: Municipality) -> str:
    """The municipality's code and a running number: 042056-000123.

    The counter's row stays locked until the transaction ends, so a registration that fails
    leaves no gap.
    """
    counters = RegistrationCounter.objects
    counters.bulk_create([RegistrationCounter(municipality=municipality)], ignore_conflicts=True)
    counter = counters.select_for_update(of=("self",)).get(pk=municipality.pk)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{municipality.code}-{counter.last:06}"


def record(
    registration: Registration,
    kind: EventKind,
    resident: Resident,
    reason: str = "",
    by: OnBehalf | None = None,
) -> None:
    """Add to the history; the resident is the one who acts, or `by` in their place."""
    RegistrationEvent.objects.create(
        registration=registration,
        kind=kind,
        at=clock.now(),
        actor_id=by.account if by else resident.user_id,
        reason=reason,
        on_behalf=by.channel if by else "",
    )


def _confirm(resident: Resident, registrations: list[Registration]) -> None:
    first = registrations[0]
    with translation.override(resident.language):
        EmailMessage(
            subject=translation.gettext("You are registered with %(municipality)s")
            % {"municipality": first.municipality.full_name},
            body=render_to_string(
                "registration/mail/registered.txt",
                {
                    "resident": resident,
                    "registrations": registrations,
                    "site_url": municipality_url(first.municipality),
                    "my_page_url": portal_url("/my/"),
                },
            ),
            to=[resident.user.email or ""],
        ).send()
