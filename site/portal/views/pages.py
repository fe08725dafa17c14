"""The portal's public pages."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.text import normalise_name
from portal.forms import ActivityFilter
from portal.queries import (
    municipalities_by_prefecture,
    prefectures_taking_part,
    search_listings,
    upcoming_listings,
)
from tenants.models import LocalGovernment, Municipality

NEWEST = 6
PER_PAGE = 20
NAMED_ON_HOME = 100


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the scheme is, and the next activities."""
    return render(
        request,
        "portal/home.html",
        {
            "listings": upcoming_listings()[:NEWEST],
            "prefectures": _by_prefecture(),
        },
    )


def _by_prefecture() -> list[tuple[LocalGovernment, list[Municipality]]]:
    """All that take part while they are few; prefectures alone once the nation is there."""
    if Municipality.objects.published().count() > NAMED_ON_HOME:
        return [(prefecture, []) for prefecture in prefectures_taking_part()]
    return municipalities_by_prefecture()


@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """Activities of all municipalities, filtered by prefecture, date and word."""
    form = ActivityFilter(request.GET)
    listings = search_listings(**form.cleaned_data) if form.is_valid() else upcoming_listings()
    page = Paginator(listings, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "portal/activities.html", {"form": form, "page_obj": page, "asked": request.GET}
    )


@require_safe
def municipalities(request: HttpRequest) -> HttpResponse:
    """Everybody who takes part, by prefecture; searched by name or furigana."""
    word = normalise_name(request.GET.get("word", ""))
    return render(
        request,
        "portal/municipalities.html",
        {"prefectures": municipalities_by_prefecture(word), "word": word},
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """The scheme in plain words."""
    return render(request, "portal/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we do for everybody to be able to use this, and what is known to be missing."""
    return render(request, "portal/accessibility.html")
