"""Who may do what on the operator's host."""

from __future__ import annotations

from typing import Any

from tenants.enums import HostKind

REVIEW = "tenants.review_participationrequest"


def may_review(user: Any) -> bool:
    """Whether `user` runs the platform: a permission that counts in the public schema alone."""
    return bool(user.is_active and user.has_perm(REVIEW))


def may_enter(user: Any, host: str) -> bool:
    """Whether `user` works on this host: for the municipality whose schema is active, or for the
    platform. Whoever does must hold a second factor; nobody else may."""
    if host == HostKind.OPERATOR:
        return may_review(user)
    return bool(
        host == HostKind.ADMIN and user.is_active and user.has_perm("wagtailadmin.access_admin")
    )
