"""How far somebody's relation with a municipality has come (A16.5): a word of recognition.

It is read from the ledger and from whether somebody acts for an organisation there. It is no
condition of anything: premium registration is R8's (`rules.version_1`), and asks for designated
activities of one year. Here every participation counts that is not voided, designated or not,
entered afterwards too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from registration.rules.year import first_day_of_year_to


class Stage(IntEnum):
    """In their order: 帰る旅's visitors, supporters, core fans and fellows."""

    VISITOR = 1
    SUPPORTER = 2
    CORE = 3
    FELLOW = 4


@dataclass(frozen=True)
class Thresholds:
    """From how many participations on; a municipality sets them. Once is always a supporter.

    `core_in_year`: within any twelve months; `core_in_all` and `fellow_in_all`: ever.
    """

    core_in_year: int = 3
    core_in_all: int = 5
    fellow_in_all: int = 10


@dataclass(frozen=True)
class Relation:
    """A stage, since when there has been a relation, and how often somebody has taken part."""

    stage: Stage
    since: date
    times: int


def relation_of(
    registered_on: date, days: Iterable[date], *, organises: bool, thresholds: Thresholds
) -> Relation:
    """`days`: of each participation at the municipality that counts, in any order; those before
    the registration too. `organises`: acts for an organisation that the municipality recognises.

    Neither time nor another participation ever lowers the stage: what somebody has done is done.
    """
    taken = sorted(days)
    return Relation(
        stage=_stage(taken, organises, thresholds),
        since=min(registered_on, *taken[:1]) if taken else registered_on,
        times=len(taken),
    )


def _stage(taken: list[date], organises: bool, thresholds: Thresholds) -> Stage:
    if organises or len(taken) >= thresholds.fellow_in_all:
        return Stage.FELLOW
    if len(taken) >= thresholds.core_in_all or _within_a_year(taken, thresholds.core_in_year):
        return Stage.CORE
    return Stage.SUPPORTER if taken else Stage.VISITOR


def _within_a_year(taken: list[date], wanted: int) -> bool:
    """Whether any `wanted` of these days, sorted, lie within twelve months (as R8 reads them)."""
    return any(
        first >= first_day_of_year_to(last)
        for first, last in zip(taken, taken[wanted - 1 :], strict=False)
    )
