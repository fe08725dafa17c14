"""All activities for staff: what comes next, and whether it counts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.pages.listing import IndexView

from activities.models.listing import listed, upcoming_first
from common.templatetags.wareki import jdatetime


class NextSessionColumn(Column):
    """令和8年11月23日（月）9時, or that there is none to come."""

    def get_value(self, instance: Any) -> str:
        session = instance.listed.next_session
        return jdatetime(session.starts_at) if session else gettext("No date to come")


class CountsColumn(Column):
    """Whether the next session counts."""

    def get_value(self, instance: Any) -> str:
        if instance.listed.next_session is None:
            return ""
        return gettext("Yes") if instance.listed.counts else gettext("No")


class ActivityListView(IndexView):
    """Those soonest to come first; the translations stand with their pages."""

    base_columns = [
        *(column for column in IndexView.base_columns if column.name in {"bulk_actions", "title"}),
        NextSessionColumn("next_session", label=_("Next date"), width="22%"),
        CountsColumn("counts", label=_("Counts"), width="8%"),
        *(column for column in IndexView.base_columns if column.name == "status"),
    ]

    def get_base_queryset(self) -> Any:
        pages = super().get_base_queryset()
        return pages.filter(locale__language_code=settings.LANGUAGE_CODE).select_related("locale")

    def order_queryset(self, queryset: Any) -> Any:
        if self.ordering == self.default_ordering and self.request.GET.get("ordering") is None:
            return upcoming_first(queryset)
        return super().order_queryset(queryset)

    def get_table(self, object_list: Any) -> Any:
        pages = list(object_list)
        for page, activity in zip(pages, listed(pages), strict=True):
            page.listed = activity
        return super().get_table(pages)
