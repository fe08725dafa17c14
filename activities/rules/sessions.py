"""What times a session may have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LONGEST = timedelta(days=14)  # A12.9: multi-day tours of volunteers
_QUARTER = Decimal("0.25")


def duration_hours(starts_at: datetime, ends_at: datetime) -> Decimal:
    """Length in hours, to the quarter."""
    seconds = Decimal((ends_at - starts_at).total_seconds())
    quarters = (seconds / 900).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return quarters * _QUARTER


def moved_hours(
    hours: Decimal, before: tuple[datetime, datetime], now: tuple[datetime, datetime]
) -> Decimal:
    """Of a session that is given other times (start, end): hours that were those from start to end
    are so afterwards too; others stay."""
    return duration_hours(*now) if hours == duration_hours(*before) else hours


def faults_of_times(
    starts_at: datetime, ends_at: datetime, hours: Decimal | None
) -> dict[str, str]:
    """What is wrong, as `{field: code}`; empty when all is well.

    Codes: `end_before_start`, `too_long`, `hours_not_positive`, `hours_exceed_duration`.
    """
    if ends_at <= starts_at:
        return {"ends_at": "end_before_start"}
    if ends_at - starts_at > LONGEST:
        return {"ends_at": "too_long"}
    if hours is None:
        return {}
    if hours <= 0:
        return {"hours": "hours_not_positive"}
    if hours > max(duration_hours(starts_at, ends_at), _QUARTER):
        return {"hours": "hours_exceed_duration"}
    return {}


def faults_of_sign_up(
    mode: str, apply_until: datetime | None, starts_at: datetime
) -> dict[str, str]:
    """As `faults_of_times`. Codes: `sign_up_after_start`, `draw_without_end`."""
    if apply_until is None:
        return {"apply_until": "draw_without_end"} if mode == "lottery" else {}
    return {"apply_until": "sign_up_after_start"} if apply_until > starts_at else {}


def coming_and_past(sessions: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """Of what has `starts_at` and `is_over`: those to come, the soonest first, and those that are
    over, the latest first."""
    by_time = sorted(sessions, key=lambda one: one.starts_at)
    coming = [one for one in by_time if not one.is_over]
    return coming, [one for one in reversed(by_time) if one.is_over]
