"""Listens to what municipalities publish."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from activities.signals import activity_published, activity_unpublished
from notifications.registry import handler
from portal.operations.listings import INDEX_ACTIVITY, ask_to_index, index_activity


@receiver([activity_published, activity_unpublished], dispatch_uid="portal.ask_to_index")
def index_later(sender: Any, page: Any, **kwargs: Any) -> None:
    ask_to_index(page.pk)


@handler(INDEX_ACTIVITY)
def deliver_index(payload: dict[str, Any]) -> None:
    index_activity(payload["page_id"])
