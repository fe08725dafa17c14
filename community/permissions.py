"""Who looks after rooms."""

from __future__ import annotations

from typing import Any

MODERATE = "community.moderate_post"


def may_moderate(user: Any) -> bool:
    """Whether `user` reads hidden posts, hides and shows them, in the active municipality."""
    return bool(user.is_active and user.has_perm(MODERATE))
