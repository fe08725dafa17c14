"""Who may do what with activities."""

from __future__ import annotations

from accounts.models import User
from activities.queries import activity_index


def may_run_activities(user: User) -> bool:
    """Whether `user` plans and publishes activities here: coordinator, editor, administrator."""
    index = activity_index()
    return index is not None and index.permissions_for_user(user).can_publish_subpage()
