"""Where apps above `activities` fill the coordinator's desk: attendance and registration."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class SessionNumbers:
    """How many have a place in a session, and how many took part."""

    signed_up: int = 0
    took_part: int = 0


@dataclass(frozen=True)
class Origins:
    """How many people took part, by where they live; `unknown` are not registered here."""

    in_prefecture: int = 0
    elsewhere: int = 0
    unknown: int = 0


@dataclass(frozen=True)
class DeskTask:
    """One line of what waits: `number` of things at `url`, called `title`; `at` is the moment
    that tells it from others of the same name."""

    title: Any
    number: int
    url: str
    at: datetime | None = None


NumbersProvider = Callable[[Any, list[UUID]], dict[UUID, SessionNumbers]]
OriginsProvider = Callable[[Any, date, date], Origins]
TasksProvider = Callable[[Any], list[DeskTask]]

_numbers: list[NumbersProvider] = []
_origins: list[OriginsProvider] = []
_tasks: dict[str, tuple[Any, TasksProvider]] = {}
MOST_TASKS = 20
"""Lines a list on the desk has; providers give no more."""


def numbers_provider(provider: NumbersProvider) -> NumbersProvider:
    """Decorator: `provider(municipality, uuids)` gives the numbers of each session it knows.

    There is one provider; a later one replaces it.
    """
    _numbers[:] = [provider]
    return provider


def numbers_of(municipality: Any, uuids: Iterable[UUID]) -> dict[UUID, SessionNumbers]:
    """The numbers of every session named; nobody of one that nobody knows of."""
    wanted = list(uuids)
    known = _numbers[0](municipality, wanted) if wanted and _numbers else {}
    return {uuid: known.get(uuid, SessionNumbers()) for uuid in wanted}


def origins_provider(provider: OriginsProvider) -> OriginsProvider:
    """Decorator: `provider(municipality, first, last)` counts who took part on these days.

    There is one provider; a later one replaces it.
    """
    _origins[:] = [provider]
    return provider


def origins_of(municipality: Any, first: date, last: date) -> Origins:
    """Where those live who took part from `first` to `last`, both included."""
    return _origins[0](municipality, first, last) if _origins else Origins()


def desk_list(key: str, heading: Any) -> Callable[[TasksProvider], TasksProvider]:
    """Decorator: `provider(municipality)` gives what waits under `heading`, one query,
    `MOST_TASKS` lines at most, the most urgent first."""

    def register(provider: TasksProvider) -> TasksProvider:
        _tasks[key] = heading, provider
        return provider

    return register


def desk_lists(municipality: Any) -> list[tuple[Any, list[DeskTask]]]:
    """Headings with what waits under them; lists with nothing are left out."""
    filled = ((heading, provider(municipality)) for heading, provider in _tasks.values())
    return [(heading, tasks) for heading, tasks in filled if tasks]
