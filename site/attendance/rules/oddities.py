"""What is odd about the readings of a session: listed for somebody to look at, never dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# A family shares a telephone; more people from one are looked at.
FROM_ONE_BROWSER = 5
# The queue before a poster: so many within so short a time were not all standing there.
CROWD, CROWD_WITHIN = 10, timedelta(seconds=5)


@dataclass(frozen=True)
class Seen:
    """A reading that counted. `browser` None for one by a device of the organiser's."""

    scan: int
    person: UUID
    browser: UUID | None
    made_at: datetime
    from_poster: bool


@dataclass(frozen=True)
class Stay:
    """A time at which somebody was recorded somewhere."""

    person: UUID
    session: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Oddity:
    """What is odd, and the readings it is about."""

    code: str
    scans: tuple[int, ...]


def oddities(seen: Sequence[Seen], session: UUID, stays: Iterable[Stay]) -> list[Oddity]:
    """`many_from_one`, `many_at_once` and `two_places` of the readings of one `session`.

    `stays` are what the ledger has of the same people, of this session and of others.
    """
    return [*_from_one_browser(seen), *_at_once(seen), *_in_two_places(seen, session, stays)]


def _from_one_browser(seen: Sequence[Seen]) -> Iterable[Oddity]:
    people: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    for one in seen:
        if one.browser is not None:
            people[one.browser][one.person] = one.scan
    for scans in people.values():
        if len(scans) >= FROM_ONE_BROWSER:
            yield Oddity("many_from_one", tuple(scans.values()))


def _at_once(seen: Sequence[Seen]) -> Iterable[Oddity]:
    posters = sorted((s for s in seen if s.from_poster), key=lambda s: s.made_at)
    reported = 0
    for first in range(len(posters)):
        last = first
        while (
            last + 1 < len(posters)
            and posters[last + 1].made_at - posters[first].made_at <= CROWD_WITHIN
        ):
            last += 1
        if last - first + 1 >= CROWD and last >= reported:
            reported = last + 1
            yield Oddity("many_at_once", tuple(s.scan for s in posters[first : last + 1]))


def _in_two_places(seen: Sequence[Seen], session: UUID, stays: Iterable[Stay]) -> Iterable[Oddity]:
    of_person: dict[UUID, list[Stay]] = defaultdict(list)
    for stay in stays:
        of_person[stay.person].append(stay)
    for one in seen:
        here = [s for s in of_person[one.person] if s.session == session]
        elsewhere = [s for s in of_person[one.person] if s.session != session]
        if any(_overlap(a, b) for a in here for b in elsewhere):
            yield Oddity("two_places", (one.scan,))


def _overlap(one: Stay, other: Stay) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
