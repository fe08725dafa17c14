"""Days of stay (R12)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules.stays import days_stayed, is_long_stay

FIRST, LAST = date(2026, 4, 1), date(2027, 3, 31)
AUGUST = date(2026, 8, 1)


def stay(first: date, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days - 1)


@pytest.mark.parametrize(
    ("stays", "days"),
    [
        ([], 0),
        ([stay(AUGUST, 1)], 1),
        ([stay(AUGUST, 9)], 9),
        ([stay(AUGUST, 10)], 10),
        ([stay(AUGUST, 4), stay(date(2026, 12, 1), 6)], 10),
        ([stay(AUGUST, 6), stay(date(2026, 8, 4), 6)], 9),  # three days are in both
        ([stay(AUGUST, 6), stay(AUGUST, 6)], 6),
        ([stay(date(2026, 3, 30), 4)], 2),  # two of them before
        ([stay(date(2027, 3, 30), 4)], 2),  # two of them after
        ([stay(date(2026, 3, 1), 31)], 0),
        ([stay(date(2027, 4, 1), 5)], 0),
        ([stay(date(2026, 1, 1), 730)], 365),
    ],
)
def test_distinct_days_within_the_year(stays, days):
    assert days_stayed(stays, FIRST, LAST) == days


@pytest.mark.parametrize(
    ("days", "needed", "answer"),
    [(9, 10, False), (10, 10, True), (11, 10, True), (365, None, False), (0, None, False)],
)
def test_ten_days_make_a_long_stay_where_there_is_one(days, needed, answer):
    assert is_long_stay(days, needed) is answer


STAYS = st.lists(st.builds(stay, st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(1, 40)))


@given(STAYS, STAYS)
def test_order_and_repetition_change_nothing_and_another_stay_takes_nothing(some, more):
    days = days_stayed(some, FIRST, LAST)
    assert days_stayed([*reversed(some), *some], FIRST, LAST) == days
    both = days_stayed(some + more, FIRST, LAST)
    assert days <= both <= days + days_stayed(more, FIRST, LAST)
