"""Who counts to the relation population (R16, R25)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules.population import Address, Member, belongs, population
from registration.rules.residence import Place
from tests.factories.facts import GIFU, HIDA, KESENNUMA, MIYAGI, SENDAI

ABROAD = Place("", "")
NATION = None


@pytest.mark.parametrize(
    ("residence", "municipality", "area", "answer"),
    [
        (HIDA, KESENNUMA, KESENNUMA, True),
        (KESENNUMA, KESENNUMA, KESENNUMA, False),
        (SENDAI, KESENNUMA, KESENNUMA, True),
        (HIDA, SENDAI, KESENNUMA, False),
        # At the level of the prefecture all of its cities are home.
        (HIDA, KESENNUMA, MIYAGI, True),
        (SENDAI, KESENNUMA, MIYAGI, False),
        (HIDA, MIYAGI, MIYAGI, True),
        (KESENNUMA, MIYAGI, MIYAGI, False),
        (KESENNUMA, HIDA, MIYAGI, False),
        # What somebody is registered with the prefecture is no figure of a city's.
        (HIDA, MIYAGI, KESENNUMA, False),
        # The nation leaves out a registration where one lives.
        (HIDA, KESENNUMA, NATION, True),
        (KESENNUMA, KESENNUMA, NATION, False),
        (SENDAI, KESENNUMA, NATION, True),
        (KESENNUMA, MIYAGI, NATION, False),
        (ABROAD, KESENNUMA, NATION, True),
        (ABROAD, KESENNUMA, MIYAGI, True),
        (None, KESENNUMA, KESENNUMA, True),
        (None, KESENNUMA, MIYAGI, True),
        (None, KESENNUMA, GIFU, False),
        (None, KESENNUMA, NATION, True),
    ],
)
def test_where_a_registration_counts(residence, municipality, area, answer):
    assert belongs(Member("a", municipality, residence), area) is answer


def test_heads_and_registrations_are_told_apart():
    members = [
        Member("a", KESENNUMA, HIDA),
        Member("a", SENDAI, HIDA),
        Member("a", MIYAGI, HIDA, co_registered=True),
        Member("b", MIYAGI, HIDA),
        Member("c", HIDA, HIDA),
    ]
    figures = population(members)
    assert figures.heads == {Address.DECLARED: 2}
    assert figures.registrations == {Address.DECLARED: 3}
    assert figures.people == 2
    assert population(members, MIYAGI) == figures
    assert population(members, KESENNUMA).registrations == {Address.DECLARED: 1}
    assert population(members, HIDA).people == 0


def test_how_well_addresses_are_known_stands_apart():
    members = [
        Member("a", KESENNUMA, HIDA, verified=True),
        Member("b", KESENNUMA, HIDA),
        Member("c", KESENNUMA, None),
        Member("d", KESENNUMA, None, verified=True),  # what proof there is shows no address
    ]
    figures = population(members)
    assert figures.heads == {Address.VERIFIED: 1, Address.DECLARED: 1, Address.UNKNOWN: 2}
    assert figures.registrations == figures.heads
    assert figures.people == 4


@pytest.mark.parametrize("turn", [1, -1])
def test_somebody_whose_rows_differ_counts_once_under_the_best(turn):
    rows = [
        Member("a", KESENNUMA, None),
        Member("a", SENDAI, HIDA, verified=True),
        Member("a", GIFU, KESENNUMA),
    ]
    assert population(rows[::turn]).heads == {Address.VERIFIED: 1}
    assert population([rows[0], rows[2]][::turn]).heads == {Address.DECLARED: 1}


PLACES = st.sampled_from([KESENNUMA, SENDAI, MIYAGI, HIDA, GIFU])
CITIES = st.sampled_from([KESENNUMA, SENDAI, HIDA, ABROAD, None])
PEOPLE = st.dictionaries(
    st.sampled_from("abcdef"), st.tuples(CITIES, st.booleans(), st.sets(PLACES))
)


def rows(people) -> list[Member]:
    return [
        Member(person, place, residence, verified)
        for person, (residence, verified, places) in people.items()
        for place in places
    ]


@given(PEOPLE)
def test_nobody_is_home_and_the_nation_has_no_more_heads_than_its_parts(people):
    members = rows(people)
    parts = [population(members, place) for place in (KESENNUMA, SENDAI, HIDA, MIYAGI, GIFU)]
    assert population(members).people <= sum(part.people for part in parts)
    homes = {residence for residence, _, _ in people.values() if residence}
    for home in homes:
        at_home = [item for item in members if item.residence == home]
        assert population(at_home, home).people == 0


@given(PEOPLE, st.randoms())
def test_the_order_of_registering_changes_nothing(people, random):
    members = rows(people)
    shuffled = list(members)
    random.shuffle(shuffled)
    assert population(members) == population(shuffled)
    assert population(members).people <= len(people)
