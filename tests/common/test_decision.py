import copy
import json
import pickle
from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.decision import Condition, Decision
from common.refusal import Refused

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.uuids(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
conditions = st.builds(
    Condition,
    code=st.text(min_size=1),
    met=st.booleans(),
    data=st.dictionaries(st.text(), json_values, max_size=3),
    evidence=st.lists(st.integers() | st.uuids(), max_size=3).map(tuple),
)


@given(st.lists(conditions, max_size=4))
def test_a_stored_decision_is_the_one_that_was_made(made):
    decision = Decision(made)
    assert Decision.from_json(json.loads(json.dumps(decision.to_json()))) == decision


@given(st.lists(conditions, max_size=4))
def test_allowed_means_that_nothing_is_unmet(made):
    decision = Decision(made)
    assert decision.allowed == (decision.unmet == ())
    assert all(not condition.met for condition in decision.unmet)


def test_one_unmet_condition_among_met_ones_refuses():
    met, unmet = Condition("adult", True), Condition("enough", False, {"have": 2, "need": 3})
    assert Decision([met]).allowed
    assert not Decision([met, unmet, met]).allowed
    assert Decision([met, unmet, met]).unmet == (unmet,)


def test_a_decision_cannot_be_changed_and_keeps_plain_values_only():
    condition = Condition(
        "stay", True, {"on": date(2026, 4, 1), "hours": Decimal("1.50")}, (UUID(int=1),)
    )
    assert condition.data == {"on": "2026-04-01", "hours": "1.50"}
    assert condition.evidence == ("00000000-0000-0000-0000-000000000001",)
    with pytest.raises(FrozenInstanceError):
        condition.met = False
    with pytest.raises(TypeError, match="object"):
        Condition("stay", True, {"what": object()})


def test_a_refusal_says_its_code_and_facts_and_survives_a_queue():
    refused = Refused("session_full", capacity=8, code="B")
    assert (refused.code, refused.data) == ("session_full", {"capacity": 8, "code": "B"})
    assert str(refused) == "session_full (capacity=8, code='B')"
    for other in (pickle.loads(pickle.dumps(refused)), copy.deepcopy(refused)):
        assert (other.code, other.data) == (refused.code, refused.data)
