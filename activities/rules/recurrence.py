"""Dates that follow a rule: every week, every second Saturday of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

MOST_DATES = 60


class Frequency(StrEnum):
    """How often an activity comes again."""

    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_WEEKDAY = "monthly_weekday"
    MONTHLY_LAST_WEEKDAY = "monthly_last_weekday"
    MONTHLY_DAY = "monthly_day"


@dataclass(frozen=True)
class Recurrence:
    """From `first` to `until`, both included; each date from `start` to `end` of the clock,
    `end` falling `more_days` days later."""

    first: date
    until: date
    frequency: Frequency
    start: time
    end: time
    more_days: int = 0


def dates_of(rule: Recurrence) -> list[date]:
    """The days a rule names, at most one more than `MOST_DATES`, so that too many are noticed.

    A month that has no such day is passed over: the 31st, a fifth Saturday.
    """
    found = rrule(
        dtstart=datetime.combine(rule.first, time.min),
        until=datetime.combine(rule.until, time.min),
        **_steps(rule),
    )
    return [moment.date() for moment, _ in zip(found, range(MOST_DATES + 1), strict=False)]


def times_of(rule: Recurrence, zone: tzinfo) -> list[tuple[datetime, datetime]]:
    """Start and end of each date, on the clocks of `zone`."""
    return [
        (
            datetime.combine(day, rule.start, zone),
            datetime.combine(day + timedelta(days=rule.more_days), rule.end, zone),
        )
        for day in dates_of(rule)
    ]


def _steps(rule: Recurrence) -> dict[str, object]:
    day = rule.first.weekday()
    match rule.frequency:
        case Frequency.DAILY:
            return {"freq": DAILY}
        case Frequency.WEEKLY:
            return {"freq": WEEKLY}
        case Frequency.FORTNIGHTLY:
            return {"freq": WEEKLY, "interval": 2}
        case Frequency.MONTHLY_WEEKDAY:
            return {"freq": MONTHLY, "byweekday": weekday(day, (rule.first.day - 1) // 7 + 1)}
        case Frequency.MONTHLY_LAST_WEEKDAY:
            return {"freq": MONTHLY, "byweekday": weekday(day, -1)}
        case Frequency.MONTHLY_DAY:
            return {"freq": MONTHLY, "bymonthday": rule.first.day}
