"""Listens to what municipalities publish; says where one's data is, and whom it stays open to."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from activities.registry import SisterSession, region_provider, sister_session_provider
from activities.signals import activity_published, activity_unpublished
from notifications.registry import handler
from pages.registry import FrontPageSection, front_page_section
from portal.operations.listings import INDEX_ACTIVITY, ask_to_index, index_activity
from portal.queries import (
    dates_elsewhere,
    listings_that_count,
    search_listings,
    urgent_elsewhere,
)
from privacy.registry import disclosure_link, open_without_agreement
from registration.registry import activities_that_count
from tenants.hosts import municipality_url
from tenants.models import Municipality

CITIES_PER_PAGE = 20
MOST_SISTERS = 30

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


@front_page_section("urgent", order=50)
def urgent_on_front_page(request: HttpRequest, home: Any) -> FrontPageSection | None:
    """What others in the prefecture ask urgent help for; of its cities, for a prefecture."""
    listings = urgent_elsewhere(request.municipality)  # type: ignore[attr-defined]
    if not listings:
        return None
    return FrontPageSection("portal/urgent_section.html", {"listings": listings})


@region_provider
def activities_of_the_cities(request: HttpRequest, search: Any) -> dict[str, Any] | None:
    """On a prefecture's list: what its cities plan, narrowed as the list is (A16.11)."""
    municipality: Municipality = request.municipality  # type: ignore[attr-defined]
    if not municipality.is_prefecture:
        return None
    first_day, last_day = search.days or (None, None)
    rows = search_listings(
        prefecture=municipality.code,
        first_day=first_day,
        last_day=last_day,
        word=search.q,
        category=search.category,
        work=search.work,
        only_designated=search.counts,
        only_remote=search.remote,
        only_urgent=search.urgent,
    ).exclude(municipality=municipality)
    page = Paginator(rows, CITIES_PER_PAGE).get_page(request.GET.get("cities"))
    return {"template": "portal/region.html", "page": page, "query": request.GET}


@sister_session_provider
def dates_of_a_joint_programme(request: HttpRequest, programme: Any) -> list[SisterSession]:
    municipality: Municipality = request.municipality  # type: ignore[attr-defined]
    return [
        SisterSession(
            municipality=row.municipality.full_name,
            title=row.title,
            place=row.place,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            url=municipality_url(row.municipality, row.page_path),
        )
        for row in dates_elsewhere(municipality, programme.uuid)[:MOST_SISTERS]
    ]


@disclosure_link
def where_the_data_is(case: Any) -> str:
    return reverse("portal:my_data")
