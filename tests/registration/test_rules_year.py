"""Which days are "within one year"."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules.parameters import FISCAL_YEAR, ROLLING
from registration.rules.year import (
    counting_window,
    first_day_of_year_to,
    last_day_of_year_from,
)

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2026, 11, 23), date(2025, 11, 24)),  # the same day a year ago is outside
        (date(2027, 3, 31), date(2026, 4, 1)),
        (date(2027, 1, 1), date(2026, 1, 2)),
        (date(2028, 2, 29), date(2027, 3, 1)),  # decided on a leap day
        (date(2028, 2, 28), date(2027, 3, 1)),
        (date(2028, 3, 1), date(2027, 3, 2)),
        (date(2029, 2, 28), date(2028, 2, 29)),  # taken part on a leap day
        (date(2029, 3, 1), date(2028, 3, 2)),
    ],
)
def test_the_year_that_ends_today_begins_the_day_after_the_same_day_last_year(last, first):
    assert first_day_of_year_to(last) == first


@given(DAYS)
def test_a_year_is_365_days_or_366_with_a_leap_day(last):
    length = (last - first_day_of_year_to(last)).days + 1
    assert length in {365, 366}


@given(DAYS)
def test_the_first_day_is_the_earliest_whose_year_has_not_ended(last):
    first = first_day_of_year_to(last)
    assert last_day_of_year_from(first) >= last
    assert last_day_of_year_from(first - timedelta(days=1)) < last


@given(DAYS)
def test_the_window_only_moves_forward(last):
    assert first_day_of_year_to(last) <= first_day_of_year_to(last + timedelta(days=1))


def test_a_year_from_a_leap_day_ends_with_february():
    assert last_day_of_year_from(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2027, 3, 31), date(2026, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2026, 11, 23), date(2026, 4, 1)),
    ],
)
def test_the_fiscal_year_begins_on_the_first_of_april(today, first):
    assert counting_window(today, FISCAL_YEAR) == (first, today)


def test_the_rolling_window_ends_today():
    today = date(2026, 11, 23)
    assert counting_window(today, ROLLING) == (date(2025, 11, 24), today)
