"""Which days may be entered afterwards (A11.1, A11.2)."""

from __future__ import annotations

from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from attendance.registry import first_countable_day
from attendance.rules.earlier import Bounds
from common import clock
from tenants.models import Municipality


def bounds_for(municipality: Municipality) -> Bounds:
    """From the day on which participations count (a national parameter) up to the first day on
    which one was recorded by a code here; up to today where none has been. A voided one, a trial
    for instance, shuts nobody out."""
    by_code = (
        ParticipationRecord.objects.filter(
            municipality=municipality, method=CheckInMethod.VENUE_CODE
        )
        .counted()
        .order_by("session_date")
        .values_list("session_date", flat=True)
        .first()
    )
    today = clock.today()
    if by_code is not None and by_code < today:
        return Bounds(first_countable_day(), by_code, by_code=True)
    return Bounds(first_countable_day(), today)
