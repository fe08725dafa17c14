"""When a session's code is taken."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.rules.sign_up import SignUpInput, may_sign_up
from attendance.rules.window import check_in_window
from common.clock import TOKYO

STARTS = datetime(2026, 11, 23, 9, 30, tzinfo=TOKYO)
ENDS = datetime(2026, 11, 23, 12, 0, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("at", "early", "late"),
    [
        (STARTS - timedelta(hours=1, seconds=1), True, False),
        (STARTS - timedelta(hours=1), False, False),
        (ENDS + timedelta(hours=2), False, False),
        (ENDS + timedelta(hours=2, seconds=1), False, True),
    ],
)
def test_window_includes_both_ends_and_nothing_beyond(
    at: datetime, early: bool, late: bool
) -> None:
    window = check_in_window(STARTS, ENDS)
    assert (window.is_early(at), window.is_late(at)) == (early, late)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))
def test_no_moment_is_both_early_and_late(naive: datetime) -> None:
    window = check_in_window(STARTS, ENDS)
    at = naive.replace(tzinfo=TOKYO)
    assert not (window.is_early(at) and window.is_late(at))


def _facts(**changes: object) -> SignUpInput:
    facts = {
        "now": STARTS - timedelta(days=1),
        "starts_at": STARTS,
        "capacity": 10,
        "taken": 9,
        "age": 40,
        "minimum_age": 18,
    }
    return SignUpInput(**{**facts, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "unmet"),
    [
        ({}, []),
        ({"taken": 10}, ["place_left"]),
        ({"capacity": None, "taken": 5000}, []),
        ({"now": STARTS}, ["session_not_started"]),
        ({"age": 17}, ["old_enough"]),
        ({"age": 18}, []),
        ({"minimum_age": None, "age": 3}, []),
        (
            {"age": 17, "taken": 11, "now": ENDS},
            ["session_not_started", "place_left", "old_enough"],
        ),
    ],
)
def test_sign_up_is_refused_with_every_reason(changes: dict[str, object], unmet: list[str]) -> None:
    decision = may_sign_up(_facts(**changes))
    assert [condition.code for condition in decision.unmet] == unmet
    assert decision.allowed is (not unmet)
