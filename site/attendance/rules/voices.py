"""What a participant may say of an activity in public (参加した人の声), and what is answered."""

from __future__ import annotations

from common.decision import Condition, Decision
from common.plain_text import says_something

MAX_LENGTH = 400
NAME_LENGTH = 20
ANSWER_LENGTH = 100
REASON_LENGTH = 200
"""Characters, counted after `common.plain_text.tidy`."""


def may_write(*, text: str, signed_as: str, took_part: bool, lacks_consent: bool) -> Decision:
    """Whoever is in the ledger with a record that counts, about that session; a minor whose
    guardian has agreed (R11), as for posts in a room. `signed_as` may be empty."""
    return Decision(
        [
            Condition("took_part", took_part),
            Condition("voice_needs_consent", not lacks_consent),
            *_short_text(text, MAX_LENGTH),
            Condition("name_short", len(signed_as) <= NAME_LENGTH, {"limit": NAME_LENGTH}),
        ]
    )


def may_answer(*, text: str, is_public: bool) -> Decision:
    """The organisation that ran the session, in one short sentence, to what is public."""
    return Decision([Condition("voice_public", is_public), *_short_text(text, ANSWER_LENGTH)])


def may_hide(reason: str) -> Decision:
    """Only with a reason: whoever wrote it is told."""
    return Decision(_short_text(reason, REASON_LENGTH))


def _short_text(text: str, limit: int) -> list[Condition]:
    length = len(text)
    return [
        Condition("no_text", says_something(text)),
        Condition("text_short", length <= limit, {"length": length, "limit": limit}),
    ]
