"""Activities in the municipality's admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from activities.models import ActivityPage
from activities.models.workflow import waits_for_designation
from activities.operations.change_session import CANCEL_ACTION, MOVE_ACTION
from activities.operations.needs import NEED_ACTION
from activities.permissions import runs_activities
from activities.views import organisations as partners
from activities.views import projects
from activities.views.desk import DeskPanel, desk
from activities.views.sessions import add_by_rule, change
from activities.views.staff_needs import enter_need, need_list, need_view
from activities.views.templates import choose_template
from activities.views.thanks import thanks
from activities.views.work_log import summary, summary_file, work_log
from activities.viewsets import ActivityViewSet


@hooks.register("register_admin_viewset")
def activity_viewset() -> ActivityViewSet:
    return ActivityViewSet("activities")


@hooks.register("register_admin_urls")
def activity_urls() -> list[URLPattern]:
    return [
        path("activity-templates/", choose_template, name="activities_templates"),
        path("coordinator/", desk, name="activities_desk"),
        path("work-log/", work_log, name="activities_work_log"),
        path("work-log/<int:year>/", summary, name="activities_work_summary"),
        path(
            "work-log/<int:year>/summary.csv",
            summary_file,
            {"file_format": "csv"},
            name="activities_work_csv",
        ),
        path(
            "work-log/<int:year>/summary.xlsx",
            summary_file,
            {"file_format": "xlsx"},
            name="activities_work_xlsx",
        ),
        path("needs/", need_list, name="activities_needs"),
        path("needs/enter/", enter_need, name="activities_enter_need"),
        path("needs/<int:pk>/", need_view, name="activities_need"),
        path("activity-dates/<int:page_id>/", add_by_rule, name="activities_add_dates"),
        path("activity-sessions/<uuid:uuid>/thanks/", thanks, name="activities_thanks"),
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
    ]


class _OfADate(LogFormatter):
    """Names the organisation that did it: no account of the staff stands beside it, then."""

    def format_message(self, log_entry: Any) -> str:
        organisation = log_entry.data.get("organisation")
        return f"{self.message} ({organisation})" if organisation else str(self.message)


class _Cancelled(_OfADate):
    label, message = _("Cancel this date"), _("A date was cancelled")


class _Moved(_OfADate):
    label, message = _("Move this date"), _("A date was moved")


@hooks.register("register_log_actions")
def log_actions(actions: Any) -> None:
    actions.register_action(CANCEL_ACTION)(_Cancelled)
    actions.register_action(MOVE_ACTION)(_Moved)
    actions.register_action(NEED_ACTION, _("Save and tell"), _("A need was moved on"))


class ActivitiesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return runs_activities(request)


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
        # The menu is narrow: the page's whole heading would touch its edge.
        pgettext_lazy("menu", "From a template"),
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


@hooks.register("register_admin_menu_item")
def needs_menu_item() -> MenuItem:
    return ActivitiesMenuItem(
        pgettext_lazy("menu", "Needs"),
        reverse("activities_needs"),
        name="needs",
        icon_name="help",
        order=145,
    )


@hooks.register("register_admin_menu_item")
def desk_menu_item() -> MenuItem:
    return ActivitiesMenuItem(
        _("Coordinator's desk"),
        reverse("activities_desk"),
        name="coordinators-desk",
        icon_name="calendar-check",
        order=140,
    )


@hooks.register("construct_homepage_panels")
def add_desk_panel(request: HttpRequest, panels: list[Any]) -> None:
    if runs_activities(request):
        panels.append(DeskPanel())


@hooks.register("register_admin_menu_item")
def work_log_menu_item() -> MenuItem:
    return ActivitiesMenuItem(
        _("Work log"), reverse("activities_work_log"), name="work-log", icon_name="edit", order=165
    )


# Wagtail lets a page's owner cancel its workflow, which would be an answer that the organisation
# never hears of (`DesignationTask.get_actions`).
_CANCELS = {"action-cancel-workflow", "action-restart-workflow"}


@hooks.register("before_edit_page")
def keep_what_waits(request: HttpRequest, page: Page) -> HttpResponse | None:
    if not _CANCELS & request.POST.keys() or not _waits(page):
        return None
    messages.error(
        request,
        gettext("This activity waits for your answer. Please designate it or send it back."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("construct_page_action_menu")
def hide_cancelling(
    menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    if _waits(context.get("page")):
        menu_items[:] = [item for item in menu_items if item.name not in _CANCELS]


def _waits(page: Page | None) -> bool:
    return isinstance(page, ActivityPage) and waits_for_designation(page)
