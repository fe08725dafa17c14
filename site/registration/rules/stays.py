"""Long stay: so many days of stay within one year (R12)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

Days = tuple[date, date]
"""First and last day of one stay, both included."""


def days_stayed(stays: Iterable[Days], first: date, last: date) -> int:
    """Distinct days between `first` and `last` (both included) that some stay covers."""
    return len(
        {
            ordinal
            for begins, ends in stays
            for ordinal in range(max(begins, first).toordinal(), min(ends, last).toordinal() + 1)
        }
    )


def is_long_stay(days: int, needed: int | None) -> bool:
    """Whether `days` are as many as the municipality asks for; None: it knows no long stay."""
    return needed is not None and days >= needed
