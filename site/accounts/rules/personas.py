"""What somebody who comes for a reason probably likes to do (A0.7).

A suggestion made once: boxes are ticked before the person looks, and only the person's own ticks
are kept. Codes are those of `accounts.enums.Persona` and `accounts.enums.Interest`.
"""

from __future__ import annotations

from collections.abc import Sequence

_SUGGESTED = {
    "longing": ("festivals", "culture", "word"),
    "helping": ("festivals", "nature", "care", "town"),
    "disaster": ("disaster",),
    "two_homes": ("nature", "town"),
}


def suggested_interests(persona: str) -> tuple[str, ...]:
    """The interests that go with a persona; none with an unknown one or with none."""
    return _SUGGESTED.get(persona, ())


def is_to_suggest(persona: str, persona_before: str, ticked: Sequence[str], shown: str) -> bool:
    """Whether to tick boxes and show them once more before anything is kept.

    The first time only: who had a persona before has been asked, and who ticked something has
    answered. `shown` is the persona whose suggestion stands on the page already; whoever sends
    that back without a tick wants none.
    """
    return bool(persona) and not persona_before and not ticked and shown != persona
