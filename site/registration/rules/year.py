"""Within one year (R8): which days that is, on the day of a decision.

*Reading* of 年3回以上: the 12 months that end on the day of the decision. A period in years
ends on the day before the one that corresponds to its first day; where there is none (one
that begins on 29 February), on the last day of that month (Civil Code, article 143).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from registration.rules.parameters import FISCAL_YEAR, Window

_DAY = timedelta(days=1)
_APRIL = 4


def last_day_of_months_from(first: date, months: int) -> date:
    """The last day of a period of `months` that begins on `first`."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    try:
        return date(year, month + 1, first.day) - _DAY
    except ValueError:  # there is no such day in that month
        return date(year, month + 1, monthrange(year, month + 1)[1])


def last_day_of_year_from(first: date) -> date:
    """The last day of the year that begins on `first`."""
    return last_day_of_months_from(first, 12)


def first_day_of_year_to(last: date) -> date:
    """The earliest day from which a year still lasts on `last`; both belong to it.

    23 November 2026 → 24 November 2025: who took part on 23 November 2025 did so in the year
    that ended on 22 November. 29 February 2028 → 1 March 2027; 28 February 2029 → 29 February
    2028, because a year begun on that day lasts until 28 February.
    """
    first = date(last.year - 1, last.month, min(last.day, 28))
    while last_day_of_year_from(first) < last:
        first += _DAY
    return first


def counting_window(today: date, window: Window) -> tuple[date, date]:
    """First and last day that count, both included.

    `rolling`: the 12 months that end today. `fiscal_year`: from 1 April (Japan's fiscal year)
    until today.
    """
    if window == FISCAL_YEAR:
        year = today.year if today.month >= _APRIL else today.year - 1
        return date(year, _APRIL, 1), today
    return first_day_of_year_to(today), today
