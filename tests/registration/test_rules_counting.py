"""Which participations count, and why the others don't."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from registration.rules.counting import count
from registration.rules.facts import Asked
from registration.rules.parameters import FISCAL_YEAR, ROLLING, Parameters
from tests.factories.facts import (
    GIFU,
    HIDA,
    KESENNUMA,
    MIYAGI,
    SENDAI,
    TODAY,
    facts,
    times,
    took_part,
)


def counted(*taken, **changes):
    return count(facts(participations=taken, **changes))


@pytest.mark.parametrize(
    ("window", "today", "day", "reason"),
    [
        (ROLLING, date(2027, 11, 23), date(2026, 11, 23), "before_window"),
        (ROLLING, date(2027, 11, 23), date(2026, 11, 24), ""),
        (ROLLING, date(2027, 11, 23), date(2027, 11, 23), ""),
        (ROLLING, date(2027, 11, 23), date(2027, 11, 24), "after_window"),
        (ROLLING, date(2028, 2, 29), date(2027, 2, 28), "before_window"),
        (ROLLING, date(2028, 2, 29), date(2027, 3, 1), ""),
        (ROLLING, date(2029, 2, 28), date(2028, 2, 28), "before_window"),
        (ROLLING, date(2029, 2, 28), date(2028, 2, 29), ""),
        (ROLLING, date(2029, 3, 1), date(2028, 3, 1), "before_window"),
        (FISCAL_YEAR, date(2028, 3, 31), date(2027, 3, 31), "before_window"),
        (FISCAL_YEAR, date(2028, 3, 31), date(2027, 4, 1), ""),
        (FISCAL_YEAR, date(2028, 3, 31), date(2028, 3, 31), ""),
        (FISCAL_YEAR, date(2028, 4, 1), date(2028, 3, 31), "before_window"),
        (FISCAL_YEAR, date(2028, 4, 1), date(2028, 4, 1), ""),
        # Nothing before the scheme began (R20).
        (ROLLING, date(2026, 5, 1), date(2026, 3, 31), "before_window"),
        (ROLLING, date(2026, 5, 1), date(2026, 4, 1), ""),
    ],
)
def test_first_and_last_day(window, today, day, reason):
    found = counted(took_part("a", day), today=today, parameters=Parameters(window=window))
    assert found.sessions == (() if reason else ("a",))
    assert found.not_counted == ((("a", reason),) if reason else ())


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (took_part("a"), took_part("b"), "same_day"),
        (took_part("a"), took_part("b", designated=False), "not_designated"),
        (took_part("a", hours=Decimal(3)), took_part("a", hours=Decimal(4)), "same_session"),
    ],
)
def test_of_two_on_one_day_one_counts(first, second, reason):
    found = counted(first, second)
    assert found.sessions == ("a",)
    assert found.not_counted == ((second.session, reason),)


def test_a_session_read_on_two_days_counts_once():
    found = counted(took_part("a", TODAY - timedelta(days=1)), took_part("a"))
    assert found.not_counted == (("a", "same_session"),)


def test_an_undesignated_one_takes_nobody_s_place():
    assert counted(took_part("a", designated=False), took_part("b")).sessions == ("b",)
    # Nor does one that is read with and without designation.
    assert counted(took_part("a", designated=False), took_part("a")).sessions == ("a",)


def test_two_on_one_day_both_count_where_the_nation_says_so():
    found = counted(took_part("b"), took_part("a"), parameters=Parameters(one_a_day=False))
    assert found.sessions == ("a", "b")


def test_the_earliest_is_named_first():
    assert counted(*times(3)).sessions == ("s2", "s1", "s0")


def test_of_one_day_what_the_municipality_asks_for_counts():
    farming = took_part("z", category="farming")
    found = counted(took_part("a"), farming, asked=Asked(category="farming", of_category=1))
    assert found.sessions == found.of_category("farming") == ("z",)
    assert found.not_counted == (("a", "same_day"),)
    assert found.of_category("culture") == ()


def test_hours_are_of_every_session_that_is_designated_and_in_the_window():
    found = counted(
        took_part("a", hours=Decimal("1.25")),
        took_part("b", hours=Decimal("2.50")),  # the same day: no time more, but hours
        took_part("b", hours=Decimal("4.00")),  # the same session
        took_part("c", hours=Decimal("8.00"), designated=False),
        took_part("d", date(2026, 4, 1), hours=Decimal("16.00")),
    )
    assert found.hours == Decimal("3.75")


@pytest.mark.parametrize(
    ("municipality", "counts_cities", "sessions"),
    [
        (KESENNUMA, False, ("kesennuma",)),
        (KESENNUMA, True, ("kesennuma",)),  # a city has no cities
        (MIYAGI, False, ("miyagi",)),
        (MIYAGI, True, ("kesennuma", "sendai", "miyagi")),
        (GIFU, True, ("hida",)),
    ],
)
def test_whose_activities_count(municipality, counts_cities, sessions):
    places = {"kesennuma": KESENNUMA, "sendai": SENDAI, "miyagi": MIYAGI, "hida": HIDA}
    taken = [
        took_part(name, TODAY - timedelta(days=9 - number), municipality=place.code)
        for number, (name, place) in enumerate(places.items())
    ]
    asked = Asked(counts_cities=counts_cities)
    found = counted(*taken, municipality=municipality, asked=asked)
    assert found.sessions == sessions
    assert found.not_counted == ()


def test_in_two_cities_on_one_day_counts_once_for_the_prefecture():
    taken = (took_part("a"), took_part("b", municipality=SENDAI.code))
    found = counted(*taken, municipality=MIYAGI, asked=Asked(counts_cities=True))
    assert found.sessions == ("a",)
