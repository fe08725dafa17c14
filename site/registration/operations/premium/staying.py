"""Long stay: days told by the resident, checked by an officer, marked when enough (R12)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import User
from common import clock
from common.refusal import Refused
from registration.enums import EventKind, StayEvidence, StayStatus
from registration.models import PremiumStanding, Registration, Stay
from registration.operations.premium.common import By, in_their_name, record
from registration.operations.premium.letters import tell
from registration.operations.premium.settling import changed
from registration.queries import conditions_of, parameters_on, standing_at
from registration.rules.stays import days_stayed, is_long_stay
from registration.rules.year import counting_window


@transaction.atomic
def tell_stay(
    registration: Registration,
    first_day: date,
    last_day: date,
    evidence: StayEvidence,
    note: str = "",
) -> Stay:
    """Tell of days spent there, both included; the same days told again are one stay.

    Raises `Refused`: "long_stay_not_offered", "days_invalid" (in the wrong order, or not over
    yet).
    """
    if not (first_day <= last_day <= clock.today()):
        raise Refused("days_invalid")
    with in_their_name(registration) as row:
        if not (row.is_active and _needed(row) is not None):
            raise Refused("long_stay_not_offered")
        stay, _is_new = Stay.objects.get_or_create(
            registration=row,
            first_day=first_day,
            last_day=last_day,
            defaults={
                "resident": row.resident,
                "municipality": row.municipality,
                "evidence": evidence,
                "note": note,
            },
        )
        return stay


def accept_stay(stay: Stay, officer: User) -> Stay:
    """The evidence was seen: the days count. Safe to repeat; raises `Refused("not_yours")`."""
    return _check(stay, officer, StayStatus.ACCEPTED)


def refuse_stay(stay: Stay, officer: User, reason: str = "") -> Stay:
    """The days don't count; the resident is told, with the reason, and reads it later."""
    return _check(stay, officer, StayStatus.REFUSED, reason)


@transaction.atomic
def _check(stay: Stay, officer: User, status: StayStatus, reason: str = "") -> Stay:
    row = (
        Stay.objects.select_for_update(of=("self",))
        .select_related("registration")
        .filter(pk=stay.pk)
        .first()
    )
    if row is None:
        raise Refused("not_yours")
    if row.status == status:
        return row
    row.status, row.checked_by, row.checked_at, row.reason = status, officer, clock.now(), reason
    row.save(update_fields=["status", "checked_by", "checked_at", "reason"])
    with in_their_name(row.registration) as registration:
        if standing := standing_at(registration):
            standing.registration = registration
            mark_long_stay(standing, By(officer.pk))
        tell(registration, "long_stay", stay=row)
    return row


def mark_long_stay(standing: PremiumStanding, by: By) -> None:
    """Set or take the mark by the days of the year that ends today. Called as the resident."""
    registration = standing.registration
    first, last = counting_window(clock.today(), parameters_on().window)
    accepted = Stay.objects.filter(registration=registration, status=StayStatus.ACCEPTED)
    days = days_stayed(accepted.values_list("first_day", "last_day"), first, last)
    holds = is_long_stay(days, _needed(registration))
    if holds == standing.long_stay:
        return
    standing.long_stay = holds
    standing.save(update_fields=["long_stay"])
    if holds:
        record(registration, EventKind.LONG_STAY, by)
    changed(standing, "long_stay")


def _needed(registration: Registration) -> int | None:
    code = str(registration.municipality_id)
    return conditions_of([code])[code].long_stay_days
