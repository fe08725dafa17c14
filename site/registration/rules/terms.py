"""How long a premium term lasts, when it can be renewed, and when to tell (R14)."""

from __future__ import annotations

from datetime import date, timedelta

from registration.rules.year import last_day_of_year_from

_DAY = timedelta(days=1)
RENEWAL_OPENS_DAYS = 60
"""From so many days before the last, a term can be renewed."""
RENEWS_ITSELF_DAYS = 30
"""From so many days before the last, every night until the conditions are met."""
TOLD_BEFORE = (60, 30, 7)
"""So many days before the last day of something, its holder is told."""


def first_term(day: date) -> tuple[date, date]:
    """First and last day of the year that a decision on `day` gives."""
    return day, last_day_of_year_from(day)


def next_end(ends_on: date) -> date:
    """The last day after a renewal: the new year begins the day after the old one."""
    return last_day_of_year_from(ends_on + _DAY)


def renewal_opens_on(ends_on: date) -> date:
    return ends_on - timedelta(days=RENEWAL_OPENS_DAYS)


def is_renewable(ends_on: date, today: date) -> bool:
    """Whether a renewal can be decided `today`: in the last 60 days and on the last itself."""
    return renewal_opens_on(ends_on) <= today <= ends_on


def renews_itself(ends_on: date, today: date) -> bool:
    """Whether the nightly judgement takes it up, where the municipality wants that."""
    return ends_on - timedelta(days=RENEWS_ITSELF_DAYS) <= today <= ends_on


def is_over(ends_on: date, today: date) -> bool:
    return today > ends_on


def warning_due(last_day: date, today: date) -> int | None:
    """Of `TOLD_BEFORE` the one that is due: the latest whose day has come, None outside.

    The same on every day until the next, so who misses a night catches up and who runs twice
    asks for the same: each is told once where (what, `last_day`, this number) is kept.
    """
    left = (last_day - today).days
    if left < 0:
        return None
    return min((days for days in TOLD_BEFORE if left <= days), default=None)
