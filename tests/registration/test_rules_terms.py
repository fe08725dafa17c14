"""Terms of premium, and the end of basic registrations: days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules import release, terms

DAYS = st.dates(date(2026, 4, 1), date(2100, 12, 31))
END = date(2028, 11, 22)


def before(days: int, end: date = END) -> date:
    return end - timedelta(days=days)


@pytest.mark.parametrize(
    ("day", "ends_on", "then"),
    [
        (date(2027, 11, 23), date(2028, 11, 22), date(2029, 11, 22)),
        (date(2027, 4, 1), date(2028, 3, 31), date(2029, 3, 31)),
        (date(2027, 3, 31), date(2028, 3, 30), date(2029, 3, 30)),
        (date(2027, 1, 1), date(2027, 12, 31), date(2028, 12, 31)),
        (date(2027, 3, 1), date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28)),
        (date(2028, 3, 1), date(2029, 2, 28), date(2030, 2, 28)),
    ],
)
def test_a_term_lasts_one_year_and_the_next_begins_the_day_after(day, ends_on, then):
    assert terms.first_term(day) == (day, ends_on)
    assert terms.next_end(ends_on) == then


@given(DAYS)
def test_every_term_has_365_days_or_366(day):
    first, last = terms.first_term(day)
    assert (last - first).days + 1 in {365, 366}
    assert (terms.next_end(last) - last).days in {365, 366}


@pytest.mark.parametrize(
    ("days", "renewable", "itself", "over"),
    [
        (61, False, False, False),
        (60, True, False, False),
        (31, True, False, False),
        (30, True, True, False),
        (0, True, True, False),
        (-1, False, False, True),
    ],
)
def test_when_a_term_can_be_renewed_and_when_it_is_over(days, renewable, itself, over):
    today = before(days)
    assert terms.is_renewable(END, today) is renewable
    assert terms.renews_itself(END, today) is itself
    assert terms.is_over(END, today) is over


def test_renewal_opens_sixty_days_before_the_end():
    assert terms.RENEWAL_OPENS_DAYS == 60
    assert terms.renewal_opens_on(date(2028, 3, 31)) == date(2028, 1, 31)


@pytest.mark.parametrize(
    ("days", "due"),
    [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)],
)
def test_which_warning_is_due(days, due):
    assert terms.TOLD_BEFORE == (60, 30, 7)
    assert terms.warning_due(END, before(days)) == due


@given(DAYS, st.lists(st.integers(0, 70), max_size=80))
def test_however_often_and_late_the_nightly_work_runs_each_is_told_once(end, nights):
    told = {terms.warning_due(end, before(days, end)) for days in nights} - {None}
    # With a night in each stretch all three are told; with less, none that was not due.
    assert told <= set(terms.TOLD_BEFORE)
    assert (60 in told) is any(30 < days <= 60 for days in nights)
    assert (7 in told) is any(days <= 7 for days in nights)


@pytest.mark.parametrize(
    ("seen_on", "months", "last"),
    [
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
        (date(2026, 12, 31), 24, date(2028, 12, 31)),
        (date(2026, 2, 28), 24, date(2028, 2, 29)),
        (date(2028, 2, 29), 24, date(2030, 2, 28)),
        (date(2028, 2, 28), 24, date(2030, 2, 28)),
        (date(2027, 1, 30), 1, date(2027, 2, 28)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2027, 11, 30), 1, date(2027, 12, 31)),
        (date(2027, 12, 15), 12, date(2028, 12, 15)),
    ],
)
def test_the_last_day_before_the_release(seen_on, months, last):
    assert release.last_day(seen_on, months) == last
    if months == 24:
        assert release.last_day(seen_on) == last


SEEN = date(2026, 11, 23)
LAST = date(2028, 11, 23)


@pytest.mark.parametrize(
    ("days", "due"), [(61, None), (60, 60), (30, 30), (7, 7), (0, 7), (-1, 7), (-400, 7)]
)
def test_who_was_not_here_is_warned(days, due):
    assert release.warning_due(SEEN, before(days, LAST)) == due
    assert release.warning_due(SEEN, before(days, LAST), has_premium=True) is None
    assert release.warning_due(SEEN, before(days, date(2027, 11, 23)), 12) == due


@pytest.mark.parametrize(
    ("today", "warned_on", "due"),
    [
        (LAST, before(7, LAST), False),
        (LAST + timedelta(days=1), before(7, LAST), True),
        (LAST + timedelta(days=400), None, False),
        # Warned late: seven days all the same.
        (LAST + timedelta(days=10), LAST + timedelta(days=4), False),
        (LAST + timedelta(days=11), LAST + timedelta(days=4), True),
        # That warning was before the last visit.
        (LAST + timedelta(days=1), SEEN, False),
        (LAST + timedelta(days=1), SEEN + timedelta(days=1), True),
    ],
)
def test_who_is_released(today, warned_on, due):
    assert release.is_due(SEEN, today, warned_on) is due
    assert not release.is_due(SEEN, today, warned_on, has_premium=True)


def test_a_shorter_period_counts():
    assert release.is_due(SEEN, date(2027, 11, 24), date(2027, 11, 17), 12)
    assert not release.is_due(SEEN, date(2027, 11, 23), date(2027, 11, 16), 12)


@given(DAYS, st.integers(1, 60))
def test_a_visit_never_brings_the_end_nearer(seen_on, months):
    later = release.last_day(seen_on + timedelta(days=1), months)
    assert release.last_day(seen_on, months) <= later
