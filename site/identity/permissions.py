"""Who may look at cards."""

from __future__ import annotations

from typing import Any

CHECK_CARDS = "identity.add_countercheck"


def may_check_cards(user: Any) -> bool:
    """Registration officers and administrators, as first or second pair of eyes."""
    return bool(user.is_active and user.has_perm(CHECK_CARDS))
