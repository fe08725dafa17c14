"""What may happen to an application and to a premium standing (A3.9): closed tables.

Statuses are the values of `registration.enums`; those of applications and standings have no
word in common, so one table serves both.
"""

from __future__ import annotations

from enum import StrEnum


class Move(StrEnum):
    """What somebody, or the clock, does."""

    # With an application.
    ASK = "ask"
    ANSWER = "answer"
    PROPOSE = "propose"
    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    # With a standing.
    RENEW = "renew"
    LAPSE = "lapse"
    LEAVE = "leave"


_TABLE: dict[str, dict[str, str]] = {
    "submitted": {
        Move.ASK: "returned",
        Move.PROPOSE: "proposed",
        Move.GRANT: "granted",
        Move.REFUSE: "refused",
        Move.WITHDRAW: "withdrawn",
    },
    "returned": {
        Move.ASK: "returned",  # something else to ask, before the answer
        Move.ANSWER: "submitted",
        Move.REFUSE: "refused",
        Move.WITHDRAW: "withdrawn",
    },
    # Waits for a second member of staff, who may want to know more or disagree.
    "proposed": {
        Move.ASK: "returned",
        Move.GRANT: "granted",
        Move.REFUSE: "refused",
        Move.WITHDRAW: "withdrawn",
    },
    "granted": {},
    "refused": {},
    "withdrawn": {},
    "active": {Move.RENEW: "active", Move.LAPSE: "lapsed", Move.LEAVE: "left"},
    # Whoever comes back gets a new standing by a new decision.
    "lapsed": {},
    "left": {},
}
STATUSES = frozenset(_TABLE)


class IllegalMove(ValueError):
    """`move` is none of what may happen in `status`."""

    def __init__(self, status: str, move: str) -> None:
        super().__init__(f"{move} is no move of {status}")
        self.status, self.move = status, move


def moved(status: str, move: str) -> str:
    """The status after `move`. Raises `IllegalMove`, also for an unknown status or move."""
    try:
        return _TABLE[status][move]
    except KeyError:
        raise IllegalMove(status, move) from None


def may_move(status: str, move: str) -> bool:
    """Whether `move` can happen in `status`; for buttons."""
    return move in _TABLE.get(status, {})
