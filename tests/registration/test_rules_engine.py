"""Premium: every condition at its boundary, alone and in order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from common.decision import Condition, Decision
from registration.rules.engine import CURRENT, VERSIONS, decide
from registration.rules.facts import Asked
from registration.rules.parameters import Parameters
from tests.factories.facts import (
    GIFU,
    HIDA,
    HOKUEI,
    KESENNUMA,
    MIYAGI,
    NISEKO,
    SENDAI,
    TODAY,
    facts,
    holding,
    times,
    took_part,
)

EVERYTHING = Asked(
    version=4,
    needed=3,
    category="farming",
    of_category=1,
    hours=Decimal("5.0"),
    documents=True,
)
# A minor with consent at a municipality that asks for everything: granted.
STRICT = facts(
    is_minor=True,
    guardian_consent=True,
    participations=times(3, category="farming"),
    asked=EVERYTHING,
    documents_checked=True,
)


def strict(**changes):
    return facts(**(vars(STRICT) | changes))


def condition(decision: Decision, code: str) -> Condition:
    return next(item for item in decision.conditions if item.code == code)


def codes(conditions) -> list[str]:
    return [item.code for item in conditions]


def test_what_everybody_is_asked_and_in_which_order():
    decision = decide(facts())
    assert decision.allowed
    assert codes(decision.conditions) == [
        "registered",
        "enough_participations",
        "identity_verified",
        "lives_elsewhere",
        "within_limit",
    ]


def test_all_that_can_be_asked_and_in_which_order():
    decision = decide(STRICT)
    assert decision.allowed
    assert codes(decision.conditions) == [
        "registered",
        "enough_participations",
        "of_category",
        "enough_hours",
        "identity_verified",
        "guardian_consent",
        "lives_elsewhere",
        "within_limit",
        "documents_checked",
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"is_registered": False}, "registered"),
        (
            {"participations": times(2, category="farming", hours=Decimal(9))},
            "enough_participations",
        ),
        ({"participations": times(3, category="culture")}, "of_category"),
        ({"participations": times(3, category="farming", hours=Decimal(1))}, "enough_hours"),
        ({"identity_valid": False}, "identity_verified"),
        ({"guardian_consent": False}, "guardian_consent"),
        ({"residence": KESENNUMA}, "lives_elsewhere"),
        ({"held": holding(HIDA, NISEKO, HOKUEI)}, "within_limit"),
        ({"documents_checked": False}, "documents_checked"),
    ],
)
def test_each_condition_can_be_the_only_one_missing(changes, code):
    decision = decide(strict(**changes))
    assert codes(decision.unmet) == [code]
    assert not decision.allowed


def test_all_that_is_missing_is_said_at_once():
    decision = decide(
        facts(
            is_registered=False,
            identity_valid=False,
            is_minor=True,
            residence=KESENNUMA,
            participations=(),
            held=holding(HIDA, NISEKO, HOKUEI),
            asked=EVERYTHING,
        )
    )
    assert codes(decision.unmet) == codes(decision.conditions)
    assert len(decision.unmet) == 9


def test_who_is_of_age_needs_no_guardian_and_is_not_asked():
    assert "guardian_consent" not in codes(decide(strict(is_minor=False)).conditions)


@pytest.mark.parametrize(
    ("taken", "met", "missing"), [(0, False, 3), (2, False, 1), (3, True, 0), (4, True, 0)]
)
def test_three_times_are_enough_and_two_are_not(taken, met, missing):
    answer = condition(decide(facts(participations=times(taken))), "enough_participations")
    assert answer.met is met
    assert answer.data == {
        "have": taken,
        "need": 3,
        "missing": missing,
        "first_day": "2026-11-24",
        "last_day": "2027-11-23",
        "not_counted": [],
    }
    assert answer.evidence == tuple(f"s{n}" for n in reversed(range(taken)))


def test_what_does_not_count_is_named_with_its_reason():
    undesignated = took_part("x", designated=False)
    data = condition(
        decide(facts(participations=(*times(2), undesignated))), "enough_participations"
    ).data
    assert data["not_counted"] == [{"session": "x", "reason": "not_designated"}]


@pytest.mark.parametrize(("asked", "national", "need"), [(5, 3, 5), (3, 4, 4), (1, 3, 3)])
def test_a_municipality_asks_for_more_never_for_less(asked, national, need):
    parameters = Parameters(needed_participations=national)
    decision = decide(facts(asked=Asked(needed=asked), parameters=parameters))
    assert condition(decision, "enough_participations").data["need"] == need


@pytest.mark.parametrize(
    ("farming", "met", "missing"), [(0, False, 2), (1, False, 1), (2, True, 0)]
)
def test_of_the_times_so_many_of_the_category(farming, met, missing):
    taken = times(3)
    taken = (*times(farming, category="farming"), *taken[farming:])
    asked = Asked(category="farming", of_category=2)
    answer = condition(decide(facts(participations=taken, asked=asked)), "of_category")
    assert answer.met is met
    assert answer.data == {"have": farming, "need": 2, "missing": missing, "category": "farming"}
    assert answer.evidence == tuple(f"s{n}" for n in reversed(range(farming)))


def test_more_of_the_category_than_asked_is_missing_nothing():
    asked = Asked(category="farming", of_category=2)
    taken = times(3, category="farming")
    answer = condition(decide(facts(participations=taken, asked=asked)), "of_category")
    assert (answer.met, answer.data["missing"]) == (True, 0)


@pytest.mark.parametrize(
    ("each", "met", "have", "missing"),
    [
        ("1.99", False, "5.97", "0.03"),
        ("2.00", True, "6.00", "0"),
        ("2.50", True, "7.50", "0"),
    ],
)
def test_hours_in_all(each, met, have, missing):
    taken = times(3, hours=Decimal(each))
    decision = decide(facts(participations=taken, asked=Asked(hours=Decimal(6))))
    answer = condition(decision, "enough_hours")
    assert answer.met is met
    assert (answer.data["have"], answer.data["need"]) == (have, "6")
    assert Decimal(answer.data["missing"]) == Decimal(missing)
    assert answer.data["missing"][0] != "-"


@pytest.mark.parametrize(
    ("residence", "municipality", "met"),
    [
        (KESENNUMA, KESENNUMA, False),
        (SENDAI, KESENNUMA, True),
        (HIDA, KESENNUMA, True),
        (KESENNUMA, MIYAGI, False),  # who lives in a city lives in its prefecture
        (HIDA, MIYAGI, True),
    ],
)
def test_no_premium_where_one_lives(residence, municipality, met):
    taken = times(3, municipality=municipality.code)
    decision = decide(facts(residence=residence, municipality=municipality, participations=taken))
    assert codes(decision.unmet) == ([] if met else ["lives_elsewhere"])


def test_the_third_is_within_the_limit_and_the_fourth_is_not():
    third = condition(decide(facts(held=holding(HIDA, NISEKO))), "within_limit")
    assert third.met
    assert third.data == {"held": ["013951", "212172"], "max": 3}
    fourth = condition(decide(facts(held=holding(HIDA, NISEKO, HOKUEI))), "within_limit")
    assert not fourth.met
    assert fourth.data["held"] == ["013951", "212172", "313726"]


def test_the_limit_is_the_nation_s():
    parameters = Parameters(max_premium=1)
    assert decide(facts(parameters=parameters)).allowed
    assert not decide(facts(parameters=parameters, held=holding(HIDA))).allowed


def test_no_other_can_begin_while_one_is_over_the_limit():
    held = (*holding(HIDA, NISEKO), *holding(GIFU, over_limit=True))
    assert codes(decide(facts(held=held)).unmet) == ["within_limit"]


def test_where_no_documents_are_asked_for_none_are_missing():
    assert decide(facts(documents_checked=False)).allowed


def test_a_decision_under_a_version_there_never_was_is_an_error():
    assert CURRENT in VERSIONS
    with pytest.raises(KeyError):
        decide(facts(), "0")


def test_the_current_version_is_the_one_that_decides():
    assert decide(facts(today=TODAY)) == decide(facts(today=TODAY), CURRENT)
