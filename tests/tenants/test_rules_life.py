"""Which step leads where, and the system fee's boundary (R1, R26); no database."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from tenants.enums import INITIAL_STATUS, FeeWaiver, MunicipalityStatus
from tenants.rules.fees import LAST_DAY_OF_WAIVER, Waiver, fee_waiver_for
from tenants.rules.life import TARGET, Step, may_schedule, may_take, possible_steps

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
ALLOWED = {
    (Step.PUBLISH, "preparing"),
    (Step.SCHEDULE, "preparing"),
    (Step.SUSPEND, "published"),
    (Step.RESUME, "suspended"),
    (Step.CLOSE, "preparing"),
    (Step.CLOSE, "published"),
    (Step.CLOSE, "suspended"),
}


@pytest.mark.parametrize("status", MunicipalityStatus.values)
@pytest.mark.parametrize("step", Step)
def test_a_step_is_allowed_from_its_statuses_only(step, status):
    decision = may_take(step, status)
    assert decision.allowed == ((step, status) in ALLOWED)
    (condition,) = decision.conditions
    assert condition.code == "status_allows"
    assert condition.data["status"] == status
    assert {(step, source) for source in condition.data["allowed_from"]} == {
        pair for pair in ALLOWED if pair[0] is step
    }


def test_every_target_is_a_status_and_a_new_municipality_is_in_preparation():
    assert set(TARGET) == set(Step)
    assert set(TARGET.values()) <= set(MunicipalityStatus.values)
    assert INITIAL_STATUS == "preparing"


def test_nothing_leads_out_of_closed():
    assert possible_steps("closed") == []
    assert possible_steps("preparing") == [Step.PUBLISH, Step.SCHEDULE, Step.CLOSE]


@given(st.lists(st.sampled_from(list(Step)), max_size=12))
def test_no_walk_returns_to_preparation_or_from_the_end(steps):
    status = "preparing"
    for step in steps:
        if may_take(step, status).allowed:
            assert status != "closed"
            status = TARGET[step]
            if step is not Step.SCHEDULE:
                assert status != "preparing"


@pytest.mark.parametrize(("ahead", "allowed"), [(1, True), (0, False), (-1, False)])
def test_a_publication_lies_in_the_future(ahead, allowed):
    decision = may_schedule("preparing", NOW + timedelta(seconds=ahead), NOW)
    assert decision.allowed is allowed
    if not allowed:
        assert [condition.code for condition in decision.unmet] == ["time_lies_ahead"]


def test_a_published_one_cannot_be_scheduled_whatever_the_time():
    decision = may_schedule("published", NOW, NOW)
    assert [condition.code for condition in decision.unmet] == ["status_allows", "time_lies_ahead"]


@given(st.dates())
def test_the_fee_is_waived_up_to_the_end_of_fiscal_2027(day):
    assert fee_waiver_for(day) == ("waived" if day <= date(2028, 3, 31) else "to_be_decided")


def test_the_day_counts_in_japan():
    assert LAST_DAY_OF_WAIVER == date(2028, 3, 31)
    with time_machine.travel(datetime(2028, 3, 31, 14, 59, 59, tzinfo=UTC), tick=False):
        assert fee_waiver_for(clock.today()) is Waiver.WAIVED  # 31 March 23:59:59 in Japan
    with time_machine.travel(datetime(2028, 3, 31, 15, 0, tzinfo=UTC), tick=False):
        assert fee_waiver_for(clock.today()) is Waiver.TO_BE_DECIDED  # 1 April 00:00


def test_the_rule_and_the_field_know_the_same_words():
    assert set(Waiver) == set(FeeWaiver.values)
