"""Deadlines and reminders of requests."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.rules.cases import deadline_of, is_overdue, may_extend, reminder_due

DEADLINE = date(2026, 12, 24)


def test_thirty_days_from_the_day_after():
    assert deadline_of(date(2026, 11, 24)) == DEADLINE
    assert deadline_of(date(2026, 11, 24), 14) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("status", "day", "overdue"),
    [
        ("received", DEADLINE, False),
        ("received", DEADLINE + timedelta(days=1), True),
        ("identity_checked", DEADLINE + timedelta(days=1), True),
        ("decided", DEADLINE + timedelta(days=1), False),
        ("done", DEADLINE + timedelta(days=1), False),
    ],
)
def test_overdue_is_what_is_undecided_after_the_day(status, day, overdue):
    assert is_overdue(status, DEADLINE, day) is overdue


def test_extended_once_before_the_end_and_before_the_decision():
    assert may_extend("received", DEADLINE, False, DEADLINE)
    assert not may_extend("received", DEADLINE, False, DEADLINE + timedelta(days=1))
    assert not may_extend("received", DEADLINE, True, DEADLINE)
    assert not may_extend("decided", DEADLINE, False, DEADLINE)


@pytest.mark.parametrize(
    ("days_before", "sent", "due"),
    [
        (8, [], ""),
        (7, [], "reminded_before"),
        (7, ["reminded_before"], ""),
        (3, [], "reminded_before"),
        (0, ["reminded_before"], "reminded_on_the_day"),
        (0, [], "reminded_on_the_day"),
        (-2, ["reminded_before"], "reminded_on_the_day"),
        (-2, ["reminded_on_the_day"], ""),
    ],
)
def test_reminders(days_before, sent, due):
    today = DEADLINE - timedelta(days=days_before)
    assert reminder_due("received", DEADLINE, today, sent) == due
    assert reminder_due("decided", DEADLINE, today, sent) == ""


@given(st.lists(st.integers(-20, 20), max_size=60).map(sorted))
def test_whenever_the_clock_runs_each_reminder_comes_once(days):
    sent: list[str] = []
    for day in days:
        kind = reminder_due("received", DEADLINE, DEADLINE + timedelta(days=day), sent)
        if kind:
            assert kind not in sent
            sent.append(kind)
    assert ("reminded_on_the_day" in sent) == any(day >= 0 for day in days)
    assert ("reminded_before" in sent) == any(-7 <= day < 0 for day in days)
