"""Stages of the relation: the rule alone, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules.relation import Stage, Thresholds, relation_of

REGISTERED = date(2026, 5, 1)
DEFAULTS = Thresholds()
days = st.lists(st.dates(date(2026, 4, 1), date(2032, 12, 31)), max_size=14)
thresholds = st.builds(
    lambda year, more, most: Thresholds(year, year + more, year + more + most),
    st.integers(2, 6),
    st.integers(0, 5),
    st.integers(1, 6),
)


def stage(taken, *, organises=False, asked=DEFAULTS):
    return relation_of(REGISTERED, taken, organises=organises, thresholds=asked).stage


def yearly(number):
    """So many participations, no two within twelve months."""
    return [date(2026 + one, 4, 1) + timedelta(days=one) for one in range(number)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, Stage.VISITOR),
        (1, Stage.SUPPORTER),
        (4, Stage.SUPPORTER),
        (5, Stage.CORE),
        (9, Stage.CORE),
        (10, Stage.FELLOW),
    ],
)
def test_how_often_in_all(number, expected):
    assert stage(yearly(number)) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2026, 6, 1), date(2027, 5, 31), Stage.CORE),
        (date(2026, 6, 1), date(2027, 6, 1), Stage.SUPPORTER),
        (date(2027, 3, 1), date(2028, 2, 29), Stage.CORE),
        (date(2027, 2, 28), date(2028, 2, 29), Stage.SUPPORTER),
        (date(2028, 2, 29), date(2029, 2, 28), Stage.CORE),
    ],
)
def test_three_within_twelve_months(first, last, expected):
    assert stage([last, first, first + timedelta(days=9)]) == expected


def test_what_was_within_a_year_stays_however_long_ago():
    close = [date(2026, 6, day) for day in (1, 2, 3)]
    assert stage(close) == stage([*close, date(2031, 1, 1)]) == Stage.CORE


def test_who_acts_for_an_organisation_is_a_fellow():
    assert stage([], organises=True) == Stage.FELLOW


def test_figures_of_a_municipality():
    asked = Thresholds(core_in_year=2, core_in_all=3, fellow_in_all=4)
    assert [stage(yearly(number), asked=asked) for number in (1, 2, 3, 4)] == [2, 2, 3, 4]
    assert stage([REGISTERED, REGISTERED], asked=asked) == Stage.CORE


def test_since_the_first_of_both():
    before, after = REGISTERED - timedelta(days=9), REGISTERED + timedelta(days=9)

    def of(*taken):
        return relation_of(REGISTERED, taken, organises=False, thresholds=DEFAULTS)

    assert (of().since, of().times) == (REGISTERED, 0)
    assert of(after).since == REGISTERED
    assert (of(after, before).since, of(after, before).times) == (before, 2)


@given(days, st.dates(date(2026, 4, 1), date(2032, 12, 31)), st.booleans(), thresholds)
def test_another_participation_never_lowers_the_stage(taken, one_more, organises, asked):
    before = stage(taken, organises=organises, asked=asked)
    assert stage([*taken, one_more], organises=organises, asked=asked) >= before
    assert stage(taken, organises=True, asked=asked) >= before


@given(days, thresholds, st.randoms())
def test_the_order_does_not_matter(taken, asked, chance):
    mixed = list(taken)
    chance.shuffle(mixed)
    assert stage(mixed, asked=asked) == stage(taken, asked=asked)


@given(days)
def test_lower_figures_never_lower_the_stage(taken):
    assert stage(taken, asked=Thresholds(2, 4, 8)) >= stage(taken)
