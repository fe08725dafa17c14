"""The coordinators' work log, their register, and what a year costs (A15.1, A15.2)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from accounts.models import User
from activities.models import ActivityPage, Coordinator, OtherCosts, WorkEntry
from common import clock
from common.refusal import Refused

_A_DAY = Decimal(24)


@transaction.atomic
def log_work(
    by: User, day: date, hours: Decimal, what: str, activity: ActivityPage | None, client_key: UUID
) -> WorkEntry:
    """Write one's own entry; the same `client_key` again is the same entry.

    Raises `Refused("day_in_future")`, `Refused("too_many_hours", left=…)` where a day would have
    more than 24 of them, `Refused("already_sent")` for somebody else's key.
    """
    if (there := WorkEntry.objects.filter(client_key=client_key).first()) is not None:
        if there.user_id != by.pk:
            raise Refused("already_sent")
        return there
    if day > clock.today():
        raise Refused("day_in_future")
    of_day = WorkEntry.objects.filter(user=by, day=day).aggregate(hours=Sum("hours"))
    left = _A_DAY - (of_day["hours"] or 0)
    if hours > left:
        raise Refused("too_many_hours", left=left)
    entry = WorkEntry(
        user=by,
        name=by.get_full_name(),
        day=day,
        hours=hours,
        what=what,
        activity=activity,
        client_key=client_key,
    )
    WorkEntry.objects.bulk_create([entry], ignore_conflicts=True)  # sent twice at one moment
    return WorkEntry.objects.get(client_key=client_key)


def remove_work(entry_id: int, by: User) -> None:
    """Take one's own entry back; nothing happens where it is gone or somebody else's."""
    WorkEntry.objects.filter(pk=entry_id, user=by).delete()


def register_coordinator(user: User, year: int, kind: str, cost: int) -> Coordinator:
    """`user` is a coordinator in the fiscal year `year`, at `cost` yen; safe to repeat."""
    values: dict[str, Any] = {"kind": kind, "cost": cost, "name": user.get_full_name()}
    row, _made = Coordinator.objects.update_or_create(user=user, fiscal_year=year, defaults=values)
    return row


def take_off_register(coordinator_id: int, year: int) -> None:
    """Somebody is no coordinator of that year after all; what they logged stays."""
    Coordinator.objects.filter(pk=coordinator_id, fiscal_year=year).delete()


def keep_other_costs(year: int, cost: int, correction: Decimal) -> OtherCosts:
    """All other costs of the year in yen, and the correction; safe to repeat."""
    row, _made = OtherCosts.objects.update_or_create(
        fiscal_year=year, defaults={"cost": cost, "correction": correction}
    )
    return row
