"""Premium: three participations within one year, identity, guardian, residence."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from registration.rules.premium import (
    Participation,
    PremiumInput,
    assess_premium,
    count_participations,
)

from common.decision import Decision
from registration.rules.parameters import FISCAL_YEAR, Parameters
from registration.rules.residence import Place

TODAY = date(2027, 11, 23)
KESENNUMA = Place("042056", "040002")
MIYAGI = Place("040002", "040002")
HIDA = Place("212172", "210005")


def took_part(session: str, day: date, **changes) -> Participation:
    return replace(Participation(session, day, True, KESENNUMA.code), **changes)


THREE = tuple(took_part(f"s{n}", TODAY - timedelta(days=n)) for n in range(3))


def facts(**changes) -> PremiumInput:
    return replace(
        PremiumInput(
            participations=THREE,
            identity_verified=True,
            birth_date=date(1988, 4, 2),
            guardian_consent=False,
            residence=HIDA,
            municipality=KESENNUMA,
            today=TODAY,
            parameters=Parameters(),
        ),
        **changes,
    )


def condition(decision: Decision, code: str):
    return next(item for item in decision.conditions if item.code == code)


def enough(**changes):
    return condition(assess_premium(facts(**changes)), "enough_participations")


def test_three_participations_and_verified_identity_are_enough():
    decision = assess_premium(facts())
    assert decision.allowed
    assert condition(decision, "enough_participations").evidence == ("s2", "s1", "s0")


def test_two_participations_say_that_one_is_missing():
    answer = enough(participations=THREE[:2])
    assert not answer.met
    assert (answer.data["have"], answer.data["need"], answer.data["missing"]) == (2, 3, 1)


def test_more_than_needed_is_missing_nothing():
    answer = enough(participations=(*THREE, took_part("s9", TODAY - timedelta(days=9))))
    assert (answer.data["have"], answer.data["missing"]) == (4, 0)


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (took_part("x", TODAY - timedelta(days=9), designated=False), "not_designated"),
        (took_part("x", TODAY), "same_day"),
        (took_part("s2", TODAY - timedelta(days=1)), "same_session"),
        (took_part("x", date(2026, 11, 23)), "before_window"),
        (took_part("x", TODAY + timedelta(days=1)), "after_window"),
    ],
)
def test_a_participation_that_does_not_count_says_why(extra, reason):
    answer = enough(participations=(*THREE[1:], took_part("s0", TODAY), extra))
    assert answer.data["have"] == 3
    assert [item["reason"] for item in answer.data["not_counted"]] == [reason]


def test_the_first_day_of_the_window_counts():
    answer = enough(participations=(*THREE[:2], took_part("x", date(2026, 11, 24))))
    assert answer.met
    assert answer.data["first_day"] == "2026-11-24"
    assert answer.data["last_day"] == "2027-11-23"


def test_participations_elsewhere_neither_count_nor_are_mentioned():
    elsewhere = tuple(replace(item, municipality=HIDA.code) for item in THREE)
    answer = enough(participations=elsewhere)
    assert (answer.data["have"], answer.data["not_counted"]) == (0, [])


def test_the_prefecture_counts_its_own_activities_only():
    assert enough(municipality=MIYAGI).data["have"] == 0


def test_an_undesignated_participation_does_not_take_the_place_of_one_the_same_day():
    undesignated = took_part("a", TODAY, designated=False)
    assert enough(participations=(undesignated, *THREE)).data["have"] == 3


def test_two_on_one_day_both_count_where_the_parameters_say_so():
    parameters = Parameters(one_a_day=False)
    answer = enough(participations=(*THREE, took_part("x", TODAY)), parameters=parameters)
    assert answer.data["have"] == 4


def test_nothing_before_the_scheme_began_counts():
    today = date(2026, 5, 1)
    taken = (took_part("old", date(2026, 3, 31)), took_part("new", date(2026, 4, 1)))
    answer = enough(participations=taken, today=today)
    assert answer.evidence == ("new",)


def test_in_the_fiscal_year_reading_march_does_not_count_in_april():
    taken = (took_part("march", date(2027, 3, 31)), took_part("april", date(2027, 4, 1)))
    answer = enough(
        participations=taken, today=date(2027, 4, 2), parameters=Parameters(window=FISCAL_YEAR)
    )
    assert answer.evidence == ("april",)


def test_without_verified_identity_there_is_no_premium():
    decision = assess_premium(facts(identity_verified=False))
    assert [item.code for item in decision.unmet] == ["identity_verified"]


def test_a_minor_needs_the_guardian_and_an_adult_does_not():
    minor = date(2010, 11, 24)
    assert [c.code for c in assess_premium(facts(birth_date=minor)).unmet] == ["guardian_consent"]
    assert assess_premium(facts(birth_date=minor, guardian_consent=True)).allowed
    codes = {item.code for item in assess_premium(facts()).conditions}
    assert "guardian_consent" not in codes


@pytest.mark.parametrize(
    ("residence", "municipality", "allowed"),
    [
        (KESENNUMA, KESENNUMA, False),
        (HIDA, KESENNUMA, True),
        (KESENNUMA, MIYAGI, False),  # who lives in a city lives in its prefecture
        (HIDA, MIYAGI, True),
    ],
)
def test_no_premium_where_one_lives(residence, municipality, allowed):
    taken = tuple(replace(item, municipality=municipality.code) for item in THREE)
    decision = assess_premium(
        facts(residence=residence, municipality=municipality, participations=taken)
    )
    assert condition(decision, "lives_elsewhere").met is allowed
    assert decision.allowed is allowed


def test_a_decision_keeps_the_version_of_the_parameters_and_replays():
    decision = assess_premium(facts(parameters=Parameters(version="7")))
    assert condition(decision, "enough_participations").data["parameters"] == "7"
    assert Decision.from_json(decision.to_json()) == decision


PARTICIPATIONS = st.lists(
    st.builds(
        Participation,
        session=st.sampled_from("abcdefgh"),
        day=st.dates(TODAY - timedelta(days=500), TODAY + timedelta(days=20)),
        designated=st.booleans(),
        municipality=st.sampled_from([KESENNUMA.code, HIDA.code]),
    ),
    max_size=12,
)


def counted(items, one_a_day=True):
    first, last = date(2026, 11, 24), TODAY
    return count_participations(items, KESENNUMA.code, first, last, one_a_day=one_a_day)


@given(PARTICIPATIONS, st.randoms())
def test_the_order_of_the_ledger_changes_nothing(items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert counted(items) == counted(shuffled)


@given(PARTICIPATIONS)
def test_reading_a_row_twice_changes_nothing(items):
    assert counted(items) == counted(items + items)


@given(PARTICIPATIONS, PARTICIPATIONS)
def test_another_participation_never_lowers_the_days_that_count(items, more):
    # Every session is held on one day, as sessions are.
    days = {item.session: item.day for item in [*items, *more]}
    whole = [replace(item, day=days[item.session]) for item in [*items, *more]]
    assert len(counted(whole[: len(items)]).sessions) <= len(counted(whole).sessions)


@given(PARTICIPATIONS)
def test_at_most_one_a_day_and_no_session_twice(items):
    sessions = counted(items).sessions
    assert len(sessions) == len(set(sessions))
    days = {item.day for item in items}
    assert len(sessions) <= len(days)
    assert len(sessions) <= len(counted(items, one_a_day=False).sessions)
