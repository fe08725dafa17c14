"""Activities in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from activities.permissions import may_run_activities
from activities.views.organisations import organisations
from activities.viewsets import ActivityViewSet


@hooks.register("register_admin_viewset")
def activity_viewset() -> ActivityViewSet:
    return ActivityViewSet("activities")


@hooks.register("register_admin_urls")
def organisation_urls() -> list[URLPattern]:
    return [path("organisations/", organisations, name="activities_organisations")]


class OrganisationsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_run_activities(request.user)  # type: ignore[arg-type]


@hooks.register("register_admin_menu_item")
def organisations_menu_item() -> MenuItem:
    return OrganisationsMenuItem(
        _("Partner organisations"),
        reverse("activities_organisations"),
        name="organisations",
        icon_name="group",
        order=160,
    )
