"""Decisions replay to what is stored; what was tampered with is found."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common import clock
from registration.models import PremiumDecision
from registration.operations import replay
from registration.rules.engine import CURRENT, decide, to_json
from tests.factories.accounts import ResidentFactory
from tests.factories.facts import HIDA, NISEKO, facts, holding, times
from tests.factories.registration import register_resident

pytestmark = pytest.mark.django_db


@pytest.fixture
def registration(kesennuma):
    return register_resident(ResidentFactory(residence_id="131016"), kesennuma)


def store(registration, given, **changes) -> PremiumDecision:
    """As a decision is stored, apart from `changes`."""
    decision = decide(given)
    values = {
        "rules_version": CURRENT,
        "parameters_version": given.parameters.version,
        "conditions_version": given.asked.version,
        "facts": to_json(given),
        "outcome": decision.to_json(),
        "allowed": decision.allowed,
    }
    return PremiumDecision.objects.create(
        registration=registration,
        resident=registration.resident,
        municipality=registration.municipality,
        occasion="application",
        at=clock.now(),
        **(values | changes),
    )


def run() -> str:
    out = StringIO()
    call_command("replay_decisions", stdout=out)
    return out.getvalue().strip()


def run_with_differences() -> tuple[list[str], str]:
    out = StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("replay_decisions", stdout=out)
    return out.getvalue().splitlines(), str(failed.value)


def test_where_there_are_none_none_differ(db):
    assert run() == "0 decisions replayed, 0 differ"


def test_whatever_was_decided_is_decided_again(registration):
    store(registration, facts())
    store(registration, facts(participations=times(2), identity_valid=False))
    store(registration, facts(held=holding(HIDA, NISEKO), is_minor=True))
    assert run() == "3 decisions replayed, 0 differ"


def test_an_outcome_that_does_not_follow_is_named(registration):
    refused = facts(participations=times(2))
    granted = decide(facts()).to_json()
    store(registration, facts())
    tampered = store(registration, refused, outcome=granted, allowed=True)
    lines, said = run_with_differences()
    assert lines == [f"{tampered.pk}: enough_participations, allowed"]
    assert said == "2 decisions replayed, 1 differ"


def swapped(outcome):
    return {"conditions": list(reversed(outcome["conditions"]))}


def without_the_last(outcome):
    return {"conditions": outcome["conditions"][:-1]}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"outcome": swapped(decide(facts()).to_json())}, "order"),
        ({"outcome": without_the_last(decide(facts()).to_json())}, "within_limit"),
        ({"outcome": {}}, "unreadable"),
        ({"facts": {}}, "unreadable"),
        ({"facts": to_json(facts()) | {"today": "someday"}}, "unreadable"),
        ({"rules_version": "0"}, "unreadable"),
        ({"allowed": False}, "allowed"),
        ({"parameters_version": "9"}, "parameters_version"),
        ({"conditions_version": 9}, "conditions_version"),
    ],
)
def test_every_part_of_a_row_is_compared(registration, changes, named):
    row = store(registration, facts(), **changes)
    assert run_with_differences() == ([f"{row.pk}: {named}"], "1 decisions replayed, 1 differ")


@pytest.mark.parametrize("count", [1, 5])
def test_however_many_there_are_one_query_reads_them(
    registration, monkeypatch, count, django_assert_num_queries
):
    monkeypatch.setattr(replay, "CHUNK", 2)
    for _ in range(count):
        store(registration, facts())
    with django_assert_num_queries(2):  # the other says who asks
        assert run() == f"{count} decisions replayed, 0 differ"
