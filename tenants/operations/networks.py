"""From where a municipality's admin can be reached: adding and removing ranges (R2)."""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.db import transaction

from common import clock
from common.refusal import Refused
from tenants.context import public_context
from tenants.models import Municipality, NetworkRange
from tenants.postgresql.connection import connection
from tenants.rules.networks import Address, BadRange, is_inside, parse_range


class Elsewhere(Enum):
    """Who does it works on a host that no range closes, so nobody can be locked out."""

    OPERATOR = "operator"


def add_range(
    municipality: Municipality,
    text: str,
    label: str,
    actor: Any,
    *,
    within: Address | Elsewhere | None,
) -> NetworkRange:
    """Let staff in from the range `text`; with the first one, from nowhere else any more.

    `within` is the address of who does it, None if it cannot be known. Adding a range twice
    gives the one row. Raises `Refused("range_invalid", suggestion)`, and
    `Refused("locks_out", address)` where `within` would be outside afterwards: administrators
    who lock themselves out could not undo it. The operator, on another host, can.
    """
    try:
        cidr = str(parse_range(text))
    except BadRange as problem:
        suggestion = str(problem.network) if problem.network else ""
        raise Refused("range_invalid", suggestion=suggestion) from None
    with public_context(), transaction.atomic():
        rows = _locked_ranges(municipality)
        for row in rows:
            if row.cidr == cidr:
                return row
        _require_inside(within, [*(row.cidr for row in rows), cidr])
        return NetworkRange.objects.create(
            municipality=municipality, cidr=cidr, label=label, created_by=actor
        )


def remove_range(
    municipality: Municipality, range_id: int, actor: Any, *, within: Address | Elsewhere | None
) -> None:
    """Let nobody in from a range any more; without the last one the door is open to all.

    Nothing happens where the range is gone already. Raises `Refused("locks_out", address)` as
    `add_range` does.
    """
    with public_context(), transaction.atomic():
        rows = _locked_ranges(municipality)
        left = [row.cidr for row in rows if row.pk != range_id]
        if len(left) == len(rows):
            return
        _require_inside(within, left)
        NetworkRange.objects.filter(pk=range_id).update(removed_at=clock.now(), removed_by=actor)


def _locked_ranges(municipality: Municipality) -> list[NetworkRange]:
    """The ranges in force; two people who change them at once do it one after the other."""
    # Not the municipality's row, which staff may not change and so may not lock.
    with connection.cursor() as cursor:
        lock = f"network ranges of {municipality.code}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
    return list(NetworkRange.objects.in_force().filter(municipality=municipality))


def _require_inside(within: Address | Elsewhere | None, ranges: list[str]) -> None:
    if isinstance(within, Elsewhere) or not ranges:
        return
    if not is_inside(within, ranges):
        raise Refused("locks_out", address=str(within or ""))
