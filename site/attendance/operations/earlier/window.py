"""Which days may be entered afterwards (A11.1, A11.2)."""

from __future__ import annotations

from django.db.models import Min

from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from attendance.registry import first_countable_day
from attendance.rules.earlier import Bounds
from common import clock
from tenants.models import Municipality


def bounds_for(municipality: Municipality) -> Bounds:
    """From the day on which participations count (a national parameter) up to the first day on
    which one was recorded by a code here; up to today where none has been."""
    by_code = (
        ParticipationRecord.objects.filter(municipality=municipality)
        .filter(method=CheckInMethod.VENUE_CODE)
        .aggregate(first=Min("session_date"))["first"]
    )
    today = clock.today()
    if by_code is not None and by_code < today:
        return Bounds(first_countable_day(), by_code, by_code=True)
    return Bounds(first_countable_day(), today)
