"""When an activity counts (R17, R18): the rule, without a database."""

from __future__ import annotations

from datetime import date

import pytest

from organisations.rules.designation import (
    ProjectDesignation,
    TrustedStanding,
    assess_designation,
)

DAY = date(2026, 11, 23)


def own(lack=True, benefit=True, *, pattern=1, since=date(2026, 4, 1), to=None, pk=1):
    return ProjectDesignation(pattern, lack, benefit, since, to, reference=pk)


def trust(pattern=2, *, since=date(2026, 4, 1), to=None, pk=7):
    return TrustedStanding(pattern, since, to, reference=pk)


def unmet(decision):
    return [condition.code for condition in decision.unmet]


def test_project_with_both_answers_yes_is_designated_with_its_record_as_evidence():
    decision = assess_designation(DAY, [own(pk=12)])
    assert decision.allowed
    assert {condition.evidence for condition in decision.conditions} == {(12,)}


@pytest.mark.parametrize(
    ("lack", "benefit", "missing"),
    [
        (False, True, ["lack_of_hands"]),
        (True, False, ["public_benefit"]),
        (False, False, ["lack_of_hands", "public_benefit"]),
        (None, True, ["lack_of_hands"]),
        (True, None, ["public_benefit"]),
    ],
)
def test_project_lacking_a_yes_is_not_designated(lack, benefit, missing):
    assert unmet(assess_designation(DAY, [own(lack, benefit)])) == missing


def test_project_without_a_record_is_not_designated_whoever_runs_it():
    assert unmet(assess_designation(DAY, [], [trust()])) == ["designation_recorded"]


@pytest.mark.parametrize(
    ("since", "to", "allowed"),
    [
        (DAY, DAY, True),
        (date(2026, 11, 24), None, False),
        (date(2026, 4, 1), date(2026, 11, 22), False),
        (date(2026, 4, 1), date(2026, 11, 23), True),
    ],
)
def test_designation_holds_from_its_first_to_its_last_day(since, to, allowed):
    assert assess_designation(DAY, [own(since=since, to=to)]).allowed is allowed


def test_newest_record_that_covers_the_day_holds():
    yes = own(since=date(2026, 4, 1), pk=1)
    no = own(False, True, since=date(2026, 11, 1), pk=2)
    assert not assess_designation(DAY, [yes, no]).allowed
    assert assess_designation(date(2026, 10, 31), [yes, no]).allowed


def test_trusted_organisations_project_is_designated_in_principle():
    decision = assess_designation(DAY, [own(None, None, pattern=2)], [trust(pk=7)])
    assert decision.allowed
    assert decision.conditions[-1].evidence == (7,)


@pytest.mark.parametrize(
    "standings",
    [
        [],
        [trust(pattern=1)],
        [trust(to=date(2026, 11, 22))],
        [trust(since=date(2026, 11, 24))],
    ],
)
def test_trust_must_be_in_force_on_the_day(standings):
    decision = assess_designation(DAY, [own(None, None, pattern=2)], standings)
    assert unmet(decision) == ["organisation_trusted"]


def test_municipality_can_except_a_project_of_a_trusted_organisation():
    refused = own(False, True, pattern=2)
    assert unmet(assess_designation(DAY, [refused], [trust()])) == ["lack_of_hands"]
    half = own(None, False, pattern=2)
    assert unmet(assess_designation(DAY, [half], [trust()])) == ["not_excepted"]


def test_answers_given_hold_even_when_the_trust_ends():
    answered = own(True, True, pattern=2)
    assert assess_designation(DAY, [answered], []).allowed
