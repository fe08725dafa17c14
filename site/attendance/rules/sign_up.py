"""Who can sign up for a session, and what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from common.decision import Condition, Decision

MOST_COMPANIONS = 5


@dataclass(frozen=True)
class Companion:
    """Somebody without an account who comes along: for them a place is kept, nothing else.
    `age_group` is a code of `attendance.enums.AgeGroup`."""

    name: str
    age_group: str


@dataclass(frozen=True)
class Wish:
    """What a resident says when signing up. The guardian's name and number are asked of minors;
    `waits`: whether they would stand in line where all places are taken. `components`: how many
    they book along, by the component's id."""

    companions: tuple[Companion, ...] = ()
    guardian_name: str = field(default="", repr=False)
    guardian_phone: str = field(default="", repr=False)
    waits: bool = False
    components: Mapping[str, int] = field(default_factory=dict)

    @property
    def party(self) -> int:
        """Places needed."""
        return 1 + len(self.companions)


@dataclass(frozen=True)
class SignUpInput:
    """What the answer is read from; `capacity` None is no limit, `minimum_age` and
    `maximum_age` None no age, `apply_until` None until the start.

    `may_disclose`: whether name and telephone number may go to who runs the activity. A minor's
    only go with a guardian's consent (R11). `smallest_waiting`: places that the smallest group
    in line needs, None where nobody waits.
    """

    now: datetime
    starts_at: datetime
    capacity: int | None
    taken: int
    age: int
    minimum_age: int | None
    may_disclose: bool = True
    mode: str = "first_come"
    apply_until: datetime | None = None
    is_cancelled: bool = False
    maximum_age: int | None = None
    party: int = 1
    waits: bool = False
    is_minor: bool = False
    guardian_is_reachable: bool = False
    fits: bool | None = None

    @property
    def has_place(self) -> bool:
        """Whether there are places for all of the party now."""
        if self.fits is not None:
            return self.fits
        return self.capacity is None or self.taken + self.party <= self.capacity


def may_sign_up(facts: SignUpInput) -> Decision:
    """Yes, or every reason why not."""
    first_come = facts.mode == "first_come"
    return Decision(
        (
            Condition(code="session_takes_place", met=not facts.is_cancelled),
            Condition(
                code="session_not_started",
                met=facts.now < facts.starts_at,
                data={"starts_at": facts.starts_at.isoformat()},
            ),
            Condition(
                code="sign_up_open",
                met=facts.apply_until is None or facts.now < facts.apply_until,
                data={"apply_until": facts.apply_until},
            ),
            Condition(
                code="few_companions",
                met=1 <= facts.party <= 1 + MOST_COMPANIONS,
                data={"most": MOST_COMPANIONS},
            ),
            Condition(
                code="party_fits",
                met=facts.party == 1 or facts.capacity is None or facts.party <= facts.capacity,
                data={"capacity": facts.capacity, "party": facts.party},
            ),
            Condition(
                code="place_left",
                met=not first_come or facts.waits or facts.has_place,
                data={"capacity": facts.capacity, "taken": facts.taken, "party": facts.party},
            ),
            Condition(
                code="old_enough",
                met=facts.minimum_age is None or facts.age >= facts.minimum_age,
                data={"minimum_age": facts.minimum_age},
            ),
            Condition(
                code="young_enough",
                met=facts.maximum_age is None or facts.age <= facts.maximum_age,
                data={"maximum_age": facts.maximum_age},
            ),
            Condition(code="guardian_consent", met=facts.may_disclose),
            Condition(
                code="guardian_contact", met=not facts.is_minor or facts.guardian_is_reachable
            ),
        )
    )


def first_move(facts: SignUpInput) -> str:
    """The move of `rules.moves` that a sign-up begins with, for facts that allow one."""
    if facts.mode != "first_come":
        return "apply"
    return "take" if facts.has_place else "wait"


def age_group_of(age: int) -> str:
    """The code of `attendance.enums.AgeGroup`; `age` in full years on the day."""
    for code, below in (("child", 12), ("youth", 18), ("teens", 20)):
        if age < below:
            return code
    return f"{min(age // 10, 8)}0s"
