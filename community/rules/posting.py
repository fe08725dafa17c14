"""Who may read a room, and who may write what in it (R24)."""

from __future__ import annotations

from dataclasses import dataclass

from common.decision import Condition, Decision
from common.plain_text import says_something

MAX_LENGTH = 2000
"""Characters in a post, counted after `tidy`."""
MAX_POSTS, WINDOW_MINUTES = 10, 10
"""So many posts of one person in so many minutes; more is a machine or an outburst."""


@dataclass(frozen=True)
class PostInput:
    """What the answer is read from.

    `body` as `tidy` leaves it; `recent_posts` of this person in the last `WINDOW_MINUTES`.
    `answers` is None for a new post, else whether the post answered stands open in this room
    and is not itself an answer. `lacks_consent`: a minor whose guardian has not agreed (R11).
    `lacks_consent` and `registered` do not hold for staff.
    """

    body: str
    room_open: bool
    registered: bool = True
    lacks_consent: bool = False
    recent_posts: int = 0
    answers: bool | None = None


def may_read(*, registered: bool) -> Decision:
    """Rooms are for those registered with the municipality, minors too."""
    return Decision([Condition("registered", registered)])


def may_post(facts: PostInput) -> Decision:
    """Yes, or every reason why not, the one that explains most first.

    Minors (under 18) read; writing needs a guardian's consent (R11).
    """
    length = len(facts.body)
    return Decision(
        [
            Condition("registered", facts.registered),
            Condition("guardian_consent", not facts.lacks_consent),
            Condition("room_open", facts.room_open),
            Condition("post_answerable", facts.answers is not False),
            Condition("not_empty", says_something(facts.body)),
            Condition(
                "not_too_long", length <= MAX_LENGTH, {"length": length, "limit": MAX_LENGTH}
            ),
            Condition(
                "not_too_fast",
                facts.recent_posts < MAX_POSTS,
                {"limit": MAX_POSTS, "minutes": WINDOW_MINUTES},
            ),
        ]
    )
