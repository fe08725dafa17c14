"""Who gets the places that are free: always from the front of the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from common.clock import TOKYO

_EVENING = time(18)
_SHORTEST = timedelta(hours=3)


class Group(NamedTuple):
    """One sign-up of somebody with their companions: `key` names it, `party` is how many
    places it needs, 1 or more."""

    key: str
    party: int


def allot(free: int | None, line: Sequence[Group]) -> tuple[list[Group], list[Group]]:
    """Those of the line who get places, and those who don't, both in its order.

    A group gets all of its places or none. One that is too large for what is left keeps its
    position, and the next that fits is served: a place is not left empty for it. `free` None is
    no limit, and never negative.
    """
    if free is None:
        return list(line), []
    served: list[Group] = []
    left: list[Group] = []
    for group in line:
        if group.party <= free:
            served.append(group)
            free -= group.party
        else:
            left.append(group)
    return served, left


def free_places(capacity: int | None, taken: int) -> int | None:
    """None is no limit. A capacity that was lowered takes nobody's place away: then it is 0."""
    return None if capacity is None else max(capacity - taken, 0)


def fits(capacity: int | None, taken: int, smallest_waiting: int | None, party: int) -> bool:
    """Whether a newcomer's party gets places now. Not while somebody who waits would fit."""
    free = free_places(capacity, taken)
    if free is None:
        return True
    return party <= free and not (smallest_waiting is not None and smallest_waiting <= free)


def answer_by(now: datetime, starts_at: datetime, answer_hours: int) -> datetime | None:
    """Until when somebody who waits may answer an offered place; None: it is theirs at once.

    `answer_hours` from now, but no later than 18 o'clock in Japan on the day before, so that the
    next can still be asked. Where that leaves less than three hours nobody is asked: a place
    that is not wanted can be given back until the start.
    """
    day_before = starts_at.astimezone(TOKYO).date() - timedelta(days=1)
    evening = datetime.combine(day_before, _EVENING, TOKYO)
    until = min(now + timedelta(hours=answer_hours), evening)
    asked_for = min(_SHORTEST, timedelta(hours=answer_hours))
    return until if until - now >= asked_for else None


def reminder_day(now: datetime) -> tuple[datetime, datetime] | None:
    """Sessions beginning from the first to before the second are reminded of now: tomorrow's,
    between 10 and 20 o'clock in Japan. None at any other hour."""
    here = now.astimezone(TOKYO)
    if not 10 <= here.hour < 20:
        return None
    tomorrow = datetime.combine(here.date() + timedelta(days=1), time(), TOKYO)
    return tomorrow, tomorrow + timedelta(days=1)
