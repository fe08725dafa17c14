"""Who can sign up for a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.decision import Condition, Decision


@dataclass(frozen=True)
class SignUpInput:
    """What the answer is read from; `capacity` None is no limit, `minimum_age` None no age.

    `may_disclose`: whether name and telephone number may go to who runs the activity. A minor's
    only go with a guardian's consent (R11).
    """

    now: datetime
    starts_at: datetime
    capacity: int | None
    taken: int
    age: int
    minimum_age: int | None
    may_disclose: bool = True


def may_sign_up(facts: SignUpInput) -> Decision:
    """Yes, or every reason why not."""
    return Decision(
        (
            Condition(
                code="session_not_started",
                met=facts.now < facts.starts_at,
                data={"starts_at": facts.starts_at.isoformat()},
            ),
            Condition(
                code="place_left",
                met=facts.capacity is None or facts.taken < facts.capacity,
                data={"capacity": facts.capacity, "taken": facts.taken},
            ),
            Condition(
                code="old_enough",
                met=facts.minimum_age is None or facts.age >= facts.minimum_age,
                data={"minimum_age": facts.minimum_age},
            ),
            Condition(code="guardian_consent", met=facts.may_disclose),
        )
    )
