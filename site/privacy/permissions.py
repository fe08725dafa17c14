"""Who of a municipality's staff may do what with what is held about residents."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

EXPORT = "privacy.export_registrants"
APPROVE = "privacy.approve_export"
HANDLE_CASES = "privacy.handle_cases"
INSPECT = "privacy.view_accessrecord"


def may(user: Any, permission: str) -> bool:
    """Whether `user` holds `permission` in the active municipality."""
    return bool(user.is_active and user.has_perm(permission))


def holders_of(permission: str) -> QuerySet[Any]:
    """The active accounts that hold `permission` in the active municipality, by name."""
    app_label, codename = permission.split(".")
    return (
        get_user_model()
        .objects.filter(
            is_active=True,
            groups__permissions__content_type__app_label=app_label,
            groups__permissions__codename=codename,
        )
        .order_by("name", "pk")
        .distinct()
    )
