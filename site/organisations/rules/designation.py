"""Does an activity count on a day? (R17, R18)

Pattern 1: the municipality designates each project, and asks two questions: does it answer a
lack of hands, and is its public benefit enough for its content and hours? Pattern 2: the
projects of a trusted organisation are designated in principle once they are published, and
the municipality can except one of them by answering a question with no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.decision import Condition, Decision

PATTERN_EACH_PROJECT = 1
PATTERN_TRUSTED = 2


@dataclass(frozen=True)
class ProjectDesignation:
    """The municipality's recorded word on one project.

    An answer is None where it was not asked (pattern 2). Both days are included;
    `reference` is the id of the record it was read from.
    """

    pattern: int
    lack_of_hands: bool | None
    public_benefit: bool | None
    effective_from: date
    valid_to: date | None = None
    reference: int | None = None

    def covers(self, day: date) -> bool:
        return self.effective_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class TrustedStanding:
    """What the organisation is to the municipality. Both days are included."""

    pattern: int
    valid_from: date
    valid_to: date | None = None
    reference: int | None = None

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def assess_designation(
    day: date,
    designations: Iterable[ProjectDesignation],
    standings: Iterable[TrustedStanding] = (),
) -> Decision:
    """Whether a project is designated on `day`, with the records the answer was read from.

    `designations` are the project's records, oldest first: the newest that covers the day
    holds. `standings` are those of its organisation at this municipality. Conditions:
    `designation_recorded`, then either `organisation_trusted` (pattern 2) or
    `lack_of_hands` and `public_benefit`.
    """
    record = next((own for own in reversed(list(designations)) if own.covers(day)), None)
    recorded = Condition(
        "designation_recorded",
        met=record is not None,
        data={"day": day},
        evidence=_evidence(record),
    )
    if record is None:
        return Decision([recorded])
    if record.pattern == PATTERN_TRUSTED and None in (
        record.lack_of_hands,
        record.public_benefit,
    ):
        return Decision([recorded, *_excepted(record), _trusted(day, standings)])
    return Decision(
        [
            recorded,
            Condition(
                "lack_of_hands", met=record.lack_of_hands is True, evidence=_evidence(record)
            ),
            Condition(
                "public_benefit", met=record.public_benefit is True, evidence=_evidence(record)
            ),
        ]
    )


def _excepted(record: ProjectDesignation) -> list[Condition]:
    """A single no is enough to take a project out of the principle."""
    if False not in (record.lack_of_hands, record.public_benefit):
        return []
    return [Condition("not_excepted", met=False, evidence=_evidence(record))]


def _trusted(day: date, standings: Iterable[TrustedStanding]) -> Condition:
    standing = next(
        (one for one in standings if one.pattern == PATTERN_TRUSTED and one.covers(day)), None
    )
    return Condition(
        "organisation_trusted",
        met=standing is not None,
        data={"day": day},
        evidence=_evidence(standing),
    )


def _evidence(record: ProjectDesignation | TrustedStanding | None) -> tuple[int, ...]:
    return () if record is None or record.reference is None else (record.reference,)
