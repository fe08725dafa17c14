"""Who may choose staff."""

from __future__ import annotations

from typing import Any

INVITE = "staff.add_invitation"


def may_choose_staff(user: Any) -> bool:
    """Only administrators hold this permission, so nobody gives more than they have."""
    return bool(user.is_active and user.has_perm(INVITE))
