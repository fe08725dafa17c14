"""The list of a municipality's activities."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from pages.models.mixins import MunicipalityPageMixin

CALENDAR_TEMPLATE = "activities/activity_calendar.html"


class ActivityIndexPage(MunicipalityPageMixin, Page):
    """All activities of the municipality, those soonest to come first."""

    lead = models.TextField(
        _("lead"),
        max_length=400,
        blank=True,
        help_text=_("One or two sentences above the list."),
    )

    content_panels = [*Page.content_panels, FieldPanel("lead")]
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["activities.ActivityPage", "activities.HostPage"]
    max_count_per_parent = 1
    template = "activities/activity_index_page.html"

    class Meta:
        verbose_name = _("list of activities")
        verbose_name_plural = _("lists of activities")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `activities` (a page of `listing.ListedActivity`), `search` and its choices; or,
        for `?view=calendar`, what `availability.calendar_of` gives."""
        from activities.models.availability import calendar_of
        from activities.models.listing import list_activities

        context = super().get_context(request, *args, **kwargs)
        shown = calendar_of if self._as_calendar(request) else list_activities
        context.update(shown(self, request))
        return context

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """The list, or the same activities in a month's calendar."""
        return CALENDAR_TEMPLATE if self._as_calendar(request) else self.template

    @staticmethod
    def _as_calendar(request: HttpRequest) -> bool:
        return request.GET.get("view") == "calendar"
