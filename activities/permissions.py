"""Who may do what with activities."""

from __future__ import annotations

from accounts.models import User
from activities.queries import activity_index


def may_keep_register(user: User) -> bool:
    """Whether `user` keeps the register of coordinators with its costs: the administrator."""
    return user.has_perm("activities.change_coordinator")


def may_run_activities(user: User) -> bool:
    """Whether `user` plans and publishes activities here: coordinator, editor, administrator."""
    index = activity_index()
    return index is not None and index.permissions_for_user(user).can_publish_subpage()
