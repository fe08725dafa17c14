"""How long a session of staff or operators holds, and how long guessing is made to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# Five wrong codes, then a wait that doubles with each further five: some twenty guesses a day of
# a million, three of them right at any moment.
TRIES = 5
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)
# A request moves the time of the last one only after this long, so that not every one writes.
COARSENESS_SECONDS = 60


class End(StrEnum):
    """Why a session is over."""

    IDLE = "idle"
    ABSOLUTE = "absolute"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Limits:
    """In seconds: without a request, from sign-in on, and since the second factor was passed."""

    idle: int
    absolute: int
    confirmation: int


def end_of(now: float, signed_in: float | None, seen: float | None, limits: Limits) -> End | None:
    """Why a session is over at `now`, None while it holds; times are seconds since the epoch.

    One that does not say when it began is over: nobody knows how old it is.
    """
    if signed_in is None or seen is None or now - signed_in >= limits.absolute:
        return End.ABSOLUTE
    return End.IDLE if now - seen >= limits.idle else None


def is_recent(now: float, confirmed: float | None, limits: Limits) -> bool:
    """Whether the second factor was passed a short time ago."""
    return confirmed is not None and 0 <= now - confirmed < limits.confirmation


def wait_after(wrong: int) -> timedelta:
    """How long no code is looked at after the `wrong`th wrong one in a row; mostly not at all."""
    rounds, rest = divmod(wrong, TRIES)
    if rest or not rounds:
        return timedelta(0)
    return min(_FIRST_WAIT * 2 ** min(rounds - 1, 16), _LONGEST_WAIT)
