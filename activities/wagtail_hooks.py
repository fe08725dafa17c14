"""Activities in the municipality's admin."""

from __future__ import annotations

from wagtail import hooks

from activities.viewsets import ActivityViewSet


@hooks.register("register_admin_viewset")
def activity_viewset() -> ActivityViewSet:
    return ActivityViewSet("activities")
