"""Activities in the municipality's admin."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from activities.operations.change_session import CANCEL_ACTION, MOVE_ACTION
from activities.permissions import may_run_activities
from activities.views import organisations as partners
from activities.views import projects
from activities.views.sessions import add_by_rule, change
from activities.views.templates import choose_template
from activities.viewsets import ActivityViewSet


@hooks.register("register_admin_viewset")
def activity_viewset() -> ActivityViewSet:
    return ActivityViewSet("activities")


@hooks.register("register_admin_urls")
def activity_urls() -> list[URLPattern]:
    return [
        path("activity-templates/", choose_template, name="activities_templates"),
        path("activity-dates/<int:page_id>/", add_by_rule, name="activities_add_dates"),
        path("activity-sessions/<uuid:uuid>/", change, name="activities_change_session"),
        path("organisations/", partners.organisations, name="activities_organisations"),
        path(
            "organisations/<int:organisation_id>/",
            partners.organisation,
            name="activities_organisation",
        ),
        path(
            "organisations/<int:organisation_id>/manager/",
            partners.invite_manager,
            name="activities_invite_manager",
        ),
        path(
            "organisations/requests/<int:request_id>/",
            partners.request_for_standing,
            name="activities_standing_request",
        ),
        path("projects/", projects.projects, name="activities_projects"),
        path("projects/<int:review_id>/", projects.review, name="activities_review"),
    ]


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(CANCEL_ACTION, _("Cancel this date"), _("A date was cancelled"))
    actions.register_action(MOVE_ACTION, _("Move this date"), _("A date was moved"))


class ActivitiesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_run_activities(request.user)  # type: ignore[arg-type]


@hooks.register("register_admin_menu_item")
def organisations_menu_item() -> MenuItem:
    return ActivitiesMenuItem(
        _("Partner organisations"),
        reverse("activities_organisations"),
        name="organisations",
        icon_name="group",
        order=160,
    )


@hooks.register("register_admin_menu_item")
def templates_menu_item() -> MenuItem:
    return ActivitiesMenuItem(
        _("New activity from a template"),
        reverse("activities_templates"),
        name="activity-templates",
        icon_name="copy",
        order=155,
    )


@hooks.register("register_admin_menu_item")
def projects_menu_item() -> MenuItem:
    return ActivitiesMenuItem(
        _("Projects of organisations"),
        reverse("activities_projects"),
        name="projects",
        icon_name="clipboard-list",
        order=165,
    )
