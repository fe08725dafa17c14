"""Who may do what on the operator's host."""

from __future__ import annotations

from typing import Any

REVIEW = "tenants.review_participationrequest"


def may_review(user: Any) -> bool:
    """Whether `user` runs the platform: a permission that counts in the public schema alone."""
    return bool(user.is_active and user.has_perm(REVIEW))
