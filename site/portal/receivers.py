"""Listens to what municipalities publish; says where one's data is, and whom it stays open to."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from activities.signals import activity_published, activity_unpublished
from notifications.registry import handler
from portal.operations.listings import INDEX_ACTIVITY, ask_to_index, index_activity
from portal.queries import listings_that_count
from privacy.registry import disclosure_link, open_without_agreement
from registration.registry import activities_that_count

# Whoever agrees to nothing new may still look at what is held of them, and take it along.
open_without_agreement(
    "portal:my_data", "portal:my_data_json", "portal:my_data_pdf", "portal:seen_by"
)

activities_that_count(listings_that_count)


@receiver([activity_published, activity_unpublished], dispatch_uid="portal.ask_to_index")
def index_later(sender: Any, page: Any, **kwargs: Any) -> None:
    ask_to_index(page.pk)


@handler(INDEX_ACTIVITY)
def deliver_index(payload: dict[str, Any]) -> None:
    index_activity(payload["page_id"])


@disclosure_link
def where_the_data_is(case: Any) -> str:
    return reverse("portal:my_data")
