"""Who can sign up for a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from common.decision import Condition, Decision


@dataclass(frozen=True)
class SignUpInput:
    """What the answer is read from; `capacity` None is no limit, `minimum_age` None no age."""

    now: datetime
    starts_at: datetime
    capacity: int | None
    taken: int
    age: int
    minimum_age: int | None


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
        )
    )
