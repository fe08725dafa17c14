"""When a basic registration ends because nobody signed in for long (R15).

Any sign-in moves the last day, so it cancels whatever was announced. Nobody is released without
having been warned: were the period shortened, all whose last day has gone are warned first.
"""

from __future__ import annotations

from datetime import date, timedelta

from registration.rules.terms import TOLD_BEFORE
from registration.rules.terms import warning_due as _warning_due
from registration.rules.year import last_day_of_months_from

MONTHS = 24
_DAY = timedelta(days=1)
_LAST_WARNING = min(TOLD_BEFORE)


def last_day(seen_on: date, months: int = MONTHS) -> date:
    """The last day before the release of who was last here on `seen_on` (not counted itself,
    Civil Code, article 140)."""
    return last_day_of_months_from(seen_on + _DAY, months)


def warning_due(
    seen_on: date, today: date, months: int = MONTHS, *, has_premium: bool = False
) -> int | None:
    """Which of 60, 30 and 7 days is due to be told; see `terms.warning_due`.

    After the last day still the last of them, for who was never warned. None with a premium
    standing that runs: it holds the registration.
    """
    if has_premium:
        return None
    end = last_day(seen_on, months)
    return _LAST_WARNING if today > end else _warning_due(end, today)


def is_due(
    seen_on: date,
    today: date,
    last_warned_on: date | None,
    months: int = MONTHS,
    *,
    has_premium: bool = False,
) -> bool:
    """Whether to release: after the last day, and 7 days after the last warning since."""
    if has_premium or last_warned_on is None or last_warned_on <= seen_on:
        return False
    warned_long_ago = today >= last_warned_on + timedelta(days=_LAST_WARNING)
    return today > last_day(seen_on, months) and warned_long_ago
