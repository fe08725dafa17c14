"""Dates that follow a rule, on Japan's clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from activities.rules.recurrence import MOST_DATES, Frequency, Recurrence, dates_of, times_of

TOKYO = ZoneInfo("Asia/Tokyo")


def rule(frequency, first, until, **changes):
    values = {"start": time(9), "end": time(12)} | changes
    return Recurrence(first=first, until=until, frequency=frequency, **values)


@pytest.mark.parametrize(
    ("frequency", "first", "until", "days"),
    [
        (Frequency.WEEKLY, date(2026, 12, 5), date(2026, 12, 19), ["12-05", "12-12", "12-19"]),
        (Frequency.FORTNIGHTLY, date(2026, 12, 5), date(2026, 12, 19), ["12-05", "12-19"]),
        (Frequency.DAILY, date(2026, 12, 30), date(2027, 1, 1), ["12-30", "12-31", "01-01"]),
        # The second Saturdays.
        (
            Frequency.MONTHLY_WEEKDAY, date(2026, 12, 12), date(2027, 3, 12),
            ["12-12", "01-09", "02-13"],
        ),
        # A fifth Saturday is not in every month.
        (Frequency.MONTHLY_WEEKDAY, date(2027, 1, 30), date(2027, 5, 31), ["01-30", "05-29"]),
        (
            Frequency.MONTHLY_LAST_WEEKDAY, date(2027, 1, 30), date(2027, 3, 31),
            ["01-30", "02-27", "03-27"],
        ),
        (Frequency.MONTHLY_DAY, date(2027, 1, 31), date(2027, 4, 30), ["01-31", "03-31"]),
        (Frequency.WEEKLY, date(2026, 12, 5), date(2026, 12, 4), []),
    ],
)  # fmt: skip
def test_each_frequency_names_its_days(frequency, first, until, days):
    assert [f"{day:%m-%d}" for day in dates_of(rule(frequency, first, until))] == days


def test_a_rule_without_end_in_sight_stops_one_past_the_most():
    days = dates_of(rule(Frequency.DAILY, date(2026, 12, 1), date(2036, 12, 1)))
    assert len(days) == MOST_DATES + 1


def test_times_are_on_the_clock_of_the_place():
    ((starts, ends),) = times_of(
        rule(Frequency.WEEKLY, date(2026, 12, 5), date(2026, 12, 5)), TOKYO
    )
    assert starts == datetime(2026, 12, 5, 9, tzinfo=TOKYO)
    assert starts.utcoffset() == timedelta(hours=9)
    assert ends - starts == timedelta(hours=3)


def test_a_tour_of_two_days_ends_on_the_next():
    tour = rule(Frequency.WEEKLY, date(2026, 12, 5), date(2026, 12, 12), end=time(15), more_days=1)
    assert [(s.day, e.day) for s, e in times_of(tour, TOKYO)] == [(5, 6), (12, 13)]
