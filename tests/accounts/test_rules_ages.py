"""From which day one is of age: the Act on Calculation of Age, with its leap years."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.ages import age_on, birthday_in, comes_of_age_on, is_minor

BIRTHS = st.dates(date(1900, 1, 1), date(2080, 12, 31))


@pytest.mark.parametrize(
    ("born", "day", "minor"),
    [
        (date(2009, 11, 24), date(2027, 11, 23), True),
        (date(2009, 11, 24), date(2027, 11, 24), False),
        # The year of life ends with 28 February, where there is no 29th.
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        # Born a day later, of age on the same day.
        (date(2008, 3, 1), date(2026, 2, 28), True),
        (date(2008, 3, 1), date(2026, 3, 1), False),
        (date(2009, 1, 1), date(2026, 12, 31), True),
        (date(2009, 1, 1), date(2027, 1, 1), False),
    ],
)
def test_one_is_of_age_when_the_day_before_the_birthday_has_ended(born, day, minor):
    assert is_minor(born, day) is minor
    assert (age_on(born, day) < 18) is minor


def test_a_leap_day_s_birthday_comes_in_leap_years():
    assert birthday_in(date(2008, 2, 29), 2028) == date(2028, 2, 29)
    assert birthday_in(date(2008, 2, 29), 2027) == date(2027, 3, 1)


def test_another_age_of_majority_can_be_asked_for():
    assert is_minor(date(2008, 4, 1), date(2027, 4, 1), adult_age=20)
    assert not is_minor(date(2008, 4, 1), date(2028, 4, 1), adult_age=20)


@given(BIRTHS, st.integers(0, 20 * 366))
def test_the_line_is_crossed_once_and_age_agrees(born, after):
    day = born + timedelta(days=after)
    assert is_minor(born, day) is (day < comes_of_age_on(born)) is (age_on(born, day) < 18)


@given(BIRTHS)
def test_nobody_is_of_age_a_day_too_early_nor_two_days_late(born):
    day = comes_of_age_on(born)
    assert is_minor(born, day - timedelta(days=1))
    # The common reading: the same month and day, or the next day where there is none.
    assert (day.month, day.day) in {(born.month, born.day), (3, 1)}
