"""When staff may hide a post."""

from __future__ import annotations

from common.decision import Condition, Decision
from common.plain_text import says_something

REASON_LENGTH = 200


def may_hide(reason: str) -> Decision:
    """Only with a reason: it stands in the room in the post's place, for everybody."""
    length = len(reason)
    return Decision(
        [
            Condition("reason_given", says_something(reason)),
            Condition(
                "reason_short", length <= REASON_LENGTH, {"length": length, "limit": REASON_LENGTH}
            ),
        ]
    )
