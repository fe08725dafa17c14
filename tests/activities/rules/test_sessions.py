"""The order in which dates are shown."""

from __future__ import annotations

from dataclasses import dataclass

from activities.rules.sessions import coming_and_past


@dataclass(frozen=True)
class Date:
    starts_at: int
    is_over: bool


def test_the_soonest_to_come_and_the_latest_past_stand_first() -> None:
    dates = [Date(2, True), Date(9, False), Date(5, True), Date(7, False)]
    coming, past = coming_and_past(dates)
    assert [one.starts_at for one in coming] == [7, 9]
    assert [one.starts_at for one in past] == [5, 2]
    assert coming_and_past([]) == ([], [])
