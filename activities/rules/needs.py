"""How a need moves from state to state (A10.1). States are the codes of `enums.NeedState`."""

from __future__ import annotations

WAITING = ("new", "looked_at")
"""States in which a coordinator still has to do something."""
_WITHDRAWN_FROM = (*WAITING, "passed_on")
MOST_WAITING = 10
"""Needs one resident, or one organisation, may have waiting at a time."""
WITHDRAWN_COUNTS_FOR_HOURS = 24
"""A need counts as if it waited for so long after it was withdrawn: each writes to coordinators."""
FORGET_AFTER_DAYS = 365
"""Days after the last step, or the last date of the activity that came of it, until which a need
is kept: whoever told it may ask what became of it, and tell the same again next year."""

_MOVES = {
    "new": ("looked_at", "activity", "passed_on", "closed"),
    "looked_at": ("activity", "passed_on", "closed"),
    # Whoever it was passed on to gives it back, or somebody thinks again.
    "passed_on": ("looked_at", "closed"),
    "closed": ("looked_at",),
    "activity": (),
    # By whoever told it, who tells it anew where it is needed after all.
    "withdrawn": (),
}
_WITH_ANSWER = {"passed_on": "passed_on_to_missing", "closed": "reason_missing"}


def moves_from(state: str) -> tuple[str, ...]:
    """Where a need may go from `state`."""
    return _MOVES[state]


def fault_of_move(state: str, wanted: str, answer: str) -> str | None:
    """Why a need can't go from `state` to `wanted` with these words for whoever told it.

    `need_is_activity` (it stays one), `no_such_move`, `passed_on_to_missing` (whom to ask now),
    `reason_missing`; None: it can.
    """
    if wanted not in _MOVES[state]:
        return "need_is_activity" if state == "activity" else "no_such_move"
    if not answer.strip():
        return _WITH_ANSWER.get(wanted)
    return None


def may_withdraw(state: str) -> bool:
    """Whether whoever told a need may take it back: nobody has settled it yet."""
    return state in _WITHDRAWN_FROM
