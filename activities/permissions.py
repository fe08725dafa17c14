"""Who may do what with activities."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from activities.queries import activity_index


def may_keep_register(user: User) -> bool:
    """Whether `user` keeps the register of coordinators with its costs: the administrator."""
    return user.has_perm("activities.change_coordinator")


def may_run_activities(user: User) -> bool:
    """Whether `user` plans and publishes activities here: coordinator, editor, administrator."""
    index = activity_index()
    return index is not None and index.permissions_for_user(user).can_publish_subpage()


def runs_activities(request: HttpRequest) -> bool:
    """As `may_run_activities`, of who makes the request; asked once, though every item of the
    admin's menu asks."""
    known: Any = request
    if not hasattr(known, "runs_activities_here"):
        known.runs_activities_here = may_run_activities(known.user)
    return bool(known.runs_activities_here)
