"""What may become of a sign-up, and when.

Statuses are those of `attendance.enums.SignUpStatus`; "" is a sign-up that is not there yet.
"""

from __future__ import annotations

from datetime import datetime

from common.refusal import Refused

OPEN = frozenset({"applied", "signed_up", "waiting", "offered"})
"""Still on the way to the session: can be withdrawn, and is called off with it."""
HOLDING = frozenset({"signed_up", "offered"})
"""Takes places: an offered place is kept until it is answered."""
AGAIN = frozenset({"", "withdrawn", "lapsed", "cancelled"})
"""May sign up, once more too. Who was not accepted asks the organiser, not the form."""

MOVES: dict[str, tuple[frozenset[str], str]] = {
    "apply": (AGAIN, "applied"),
    "take": (AGAIN, "signed_up"),
    "wait": (AGAIN, "waiting"),
    "accept": (frozenset({"applied", "declined"}), "signed_up"),
    "decline": (frozenset({"applied", "waiting"}), "declined"),
    "draw": (frozenset({"applied"}), "signed_up"),
    "miss": (frozenset({"applied"}), "waiting"),
    "offer": (frozenset({"waiting"}), "offered"),
    "promote": (frozenset({"waiting"}), "signed_up"),
    "answer": (frozenset({"offered"}), "signed_up"),
    "lapse": (frozenset({"offered"}), "lapsed"),
    "withdraw": (OPEN, "withdrawn"),
    "cancel": (OPEN, "cancelled"),
}
"""By the name of the move: from which statuses, and to which."""


def after(move: str, status: str) -> str:
    """The status after `move`. Raises `Refused("move_not_possible", move=…, status=…)`."""
    sources, target = MOVES[move]
    if status not in sources:
        raise Refused("move_not_possible", move=move, status=status)
    return target


_FURTHEST = ("signed_up", "offered", "waiting", "applied")


def better(one: str, other: str) -> bool:
    """Whether a sign-up of status `one` is further on the way to a place than one of `other`."""
    if one not in _FURTHEST:
        return False
    return other not in _FURTHEST or _FURTHEST.index(one) < _FURTHEST.index(other)


def require_not_begun(now: datetime, starts_at: datetime) -> None:
    """Places are given back and answered until the start; then the list is history. Raises
    `Refused("session_begun")`."""
    if now >= starts_at:
        raise Refused("session_begun")


def require_in_time(now: datetime, answer_by: datetime | None) -> None:
    """Raises `Refused("answer_late", answer_by=…)`: from then on it is somebody else's."""
    if answer_by is not None and now >= answer_by:
        raise Refused("answer_late", answer_by=answer_by)
