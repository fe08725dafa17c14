"""Activities in the municipality's admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.pages import PageListingViewSet

from activities.models import ActivityPage
from activities.views.staff_list import ActivityListView


class ActivityViewSet(PageListingViewSet):
    """The menu item 活動: every activity of the municipality in one list."""

    model = ActivityPage
    name = "activities"
    icon = "calendar-alt"
    menu_label = _("Activities")
    menu_order = 150
    add_to_admin_menu = True
    index_view_class = ActivityListView
