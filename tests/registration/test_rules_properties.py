"""What holds for every decision on premium, whatever the facts (A21)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from common.decision import Decision
from registration.rules.engine import CURRENT, decide, from_json, to_json
from registration.rules.facts import Asked, Facts, Held, Taken
from registration.rules.limit import counted, is_within
from registration.rules.parameters import FISCAL_YEAR, ROLLING, Parameters
from tests.factories.facts import GIFU, HIDA, HOKUEI, KESENNUMA, MIYAGI, NISEKO, SENDAI, TODAY

CITIES = (KESENNUMA, SENDAI, HIDA, NISEKO, HOKUEI)
PREFECTURES = (MIYAGI, GIFU)
PLACES = st.sampled_from(CITIES + PREFECTURES)
HOURS = st.decimals(0, 12, places=2)
CATEGORIES = st.sampled_from(["", "farming", "culture"])
# A session is held once, on one day; the ledger has somebody's part in it once.
TAKEN = st.lists(
    st.builds(
        Taken,
        session=st.uuids().map(str),
        day=st.dates(TODAY - timedelta(days=380), TODAY + timedelta(days=3))
        | st.dates(TODAY - timedelta(days=4), TODAY),
        municipality=PLACES.map(lambda place: place.code) | st.just(KESENNUMA.code),
        designated=st.booleans() | st.just(True),
        category=CATEGORIES,
        hours=HOURS,
    ),
    max_size=8,
    unique_by=lambda item: item.session,
).map(tuple)
HELD = st.lists(
    st.builds(Held, place=PLACES, derived=st.booleans(), over_limit=st.booleans()),
    max_size=6,
    unique_by=lambda item: item.place,
).map(tuple)
ASKED = st.builds(
    Asked,
    version=st.integers(0, 9),
    needed=st.integers(1, 4),
    category=CATEGORIES,
    of_category=st.integers(0, 2),
    hours=st.just(Decimal(0)) | HOURS,
    documents=st.booleans(),
    counts_cities=st.booleans(),
)
PARAMETERS = st.builds(
    Parameters,
    version=st.sampled_from("123"),
    window=st.sampled_from([ROLLING, FISCAL_YEAR]),
    one_a_day=st.booleans(),
    max_premium=st.integers(1, 4),
    countable_from=st.dates(date(2026, 4, 1), TODAY),
)
YES_OR_NO = st.booleans() | st.just(True)
FACTS = st.builds(
    Facts,
    today=st.just(TODAY) | st.dates(TODAY - timedelta(days=400), TODAY + timedelta(days=400)),
    municipality=st.just(KESENNUMA) | PLACES,
    residence=PLACES,
    is_registered=YES_OR_NO,
    identity_valid=YES_OR_NO,
    is_minor=st.booleans(),
    guardian_consent=YES_OR_NO,
    parameters=PARAMETERS | st.just(Parameters()),
    participations=TAKEN,
    held=HELD,
    asked=ASKED | st.just(Asked()),
    documents_checked=YES_OR_NO,
)


def met(decision: Decision) -> set[str]:
    return {condition.code for condition in decision.conditions if condition.met}


@given(FACTS)
def test_facts_and_decision_come_back_from_storage_and_replay(facts):
    stored = json.loads(json.dumps(to_json(facts)))
    decision = decide(facts)
    assert from_json(stored) == facts
    assert to_json(from_json(stored)) == stored
    assert decide(from_json(stored), CURRENT) == decision
    outcome = json.loads(json.dumps(decision.to_json()))
    assert Decision.from_json(outcome) == decision


@given(FACTS, st.randoms())
def test_the_order_of_what_is_in_ledger_and_registrations_changes_nothing(facts, random):
    taken, held = list(facts.participations), list(facts.held)
    random.shuffle(taken)
    random.shuffle(held)
    shuffled = replace(facts, participations=tuple(taken), held=tuple(held))
    assert decide(shuffled) == decide(facts)
    repeated = replace(facts, participations=(*taken, *taken), held=(*held, *held))
    assert decide(repeated) == decide(facts)


@given(FACTS, TAKEN)
def test_another_participation_takes_nothing_away(facts, more):
    known = {item.session for item in facts.participations}
    added = tuple(item for item in more if item.session not in known)
    before, after = (
        decide(facts),
        decide(replace(facts, participations=facts.participations + added)),
    )
    assert met(before) <= met(after)
    assert after.allowed or not before.allowed


@given(FACTS)
def test_a_granted_decision_meets_the_national_conditions(facts):
    decision = decide(facts)
    assert decision.allowed is (not decision.unmet)
    if not decision.allowed:
        return
    assert facts.is_registered
    assert facts.identity_valid
    assert facts.guardian_consent or not facts.is_minor
    assert facts.residence != facts.municipality
    counted_sessions = [
        item
        for item in facts.participations
        if item.designated and facts.parameters.countable_from <= item.day <= facts.today
    ]
    assert len(counted_sessions) >= 3
    assert len(counted(facts.held, (facts.municipality,))) <= facts.parameters.max_premium
    assert facts.documents_checked or not facts.asked.documents


@given(FACTS, ASKED)
def test_asking_for_more_never_grants_more(facts, asked):
    national = replace(facts, asked=replace(Asked(), counts_cities=asked.counts_cities))
    if decide(replace(facts, asked=asked)).allowed:
        assert decide(national).allowed


@given(HELD)
def test_what_counts_is_held_directly_and_at_most_once_in_a_prefecture_by_itself(held):
    codes = counted(held)
    direct = [item.place for item in held if not item.derived]
    assert codes <= {place.code for place in direct}
    assert {place.code for place in direct if not place.is_prefecture} <= codes
    for place in direct:
        if place.is_prefecture:
            inside = any(
                other.prefecture_code == place.code for other in direct if not other.is_prefecture
            )
            assert (place.code in codes) is not inside


@given(HELD, PLACES)
def test_a_derived_standing_never_counts(held, place):
    others = tuple(item for item in held if item.place != place)
    with_derived = (*others, Held(place, derived=True))
    assert counted(with_derived) == counted(others)


@given(st.lists(PLACES, max_size=12), st.integers(1, 4))
def test_whoever_asks_everywhere_never_holds_more_than_the_limit(places, most):
    held: tuple[Held, ...] = ()
    for place in places:
        if place not in {item.place for item in held} and is_within(place, held, most):
            held = (*held, Held(place))
        assert len(counted(held)) <= most
