"""How often claim codes may be tried."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

WINDOW = timedelta(hours=1)
OWN_LIMIT = 5
# So many wrong ones from all over in an hour are somebody who guesses from many addresses: then
# all together may try once in this time. Nobody is locked out, and a guesser gets nowhere.
MANY = 200
PACE = timedelta(seconds=2)

TOO_MANY, BUSY = "too_many_attempts", "busy"


@dataclass(frozen=True)
class Attempts:
    """Attempts of the last hour before this one; `since_last` None where there was none."""

    own: int
    everybodys: int
    since_last: timedelta | None


def problem_with(attempts: Attempts) -> str | None:
    """Why another attempt has to wait, or None."""
    if attempts.own >= OWN_LIMIT:
        return TOO_MANY
    last = attempts.since_last
    if attempts.everybodys >= MANY and last is not None and last < PACE:
        return BUSY
    return None
