"""What may happen to applications and standings: every pair of status and move."""

from __future__ import annotations

from itertools import product

import pytest

from registration.enums import OPEN_APPLICATIONS, ApplicationStatus, StandingStatus
from registration.rules.moves import STATUSES, IllegalMove, Move, may_move, moved

ALLOWED = {
    ("submitted", "ask"): "returned",
    ("submitted", "propose"): "proposed",
    ("submitted", "grant"): "granted",
    ("submitted", "refuse"): "refused",
    ("submitted", "withdraw"): "withdrawn",
    ("returned", "ask"): "returned",
    ("returned", "answer"): "submitted",
    ("returned", "refuse"): "refused",
    ("returned", "withdraw"): "withdrawn",
    ("proposed", "ask"): "returned",
    ("proposed", "grant"): "granted",
    ("proposed", "refuse"): "refused",
    ("proposed", "withdraw"): "withdrawn",
    ("active", "renew"): "active",
    ("active", "lapse"): "lapsed",
    ("active", "leave"): "left",
}
MOVES = (
    "ask", "answer", "propose", "grant", "refuse", "withdraw", "renew", "lapse", "leave",
)  # fmt: skip


def test_the_table_knows_every_status_and_move():
    assert STATUSES == {*ApplicationStatus.values, *StandingStatus.values}
    assert set(Move) == set(MOVES)


@pytest.mark.parametrize(("status", "move"), list(product(sorted(STATUSES), MOVES)))
def test_every_pair(status, move):
    assert may_move(status, move) is ((status, move) in ALLOWED)
    if (status, move) in ALLOWED:
        assert moved(status, move) == ALLOWED[status, move]
        return
    with pytest.raises(IllegalMove) as refused:
        moved(status, move)
    assert (refused.value.status, refused.value.move) == (status, move)
    assert str(refused.value) == f"{move} is no move of {status}"


def test_what_is_unknown_is_illegal():
    for status, move in (("lost", "grant"), ("submitted", "lose")):
        assert not may_move(status, move)
        with pytest.raises(IllegalMove):
            moved(status, move)


def test_only_an_open_application_can_move():
    moving = {status for status, _ in ALLOWED}
    assert moving & set(ApplicationStatus.values) == set(OPEN_APPLICATIONS)
    assert moving & set(StandingStatus.values) == {"active"}
