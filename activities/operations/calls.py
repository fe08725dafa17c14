"""Telling of an urgent activity, once."""

from __future__ import annotations

from activities.models import ActivityPage, UrgentCall
from activities.signals import urgent_activity_published
from common import clock


def call_once(page: ActivityPage) -> None:
    """Tell the apps above that the urgent `page` is public, the first time it is."""
    _call, is_first = UrgentCall.objects.get_or_create(
        page=page, defaults={"called_at": clock.now()}
    )
    if is_first:
        urgent_activity_published.send(sender=ActivityPage, page=page)
