"""Attendance in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from attendance.views import amending
from attendance.views.participants import participants


class ObjectionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(page_permission_policy.user_has_permission(request.user, "change"))


@hooks.register("register_admin_urls")
def attendance_urls() -> list[URLPattern]:
    session = "sessions/<uuid:session_uuid>/participants/"
    return [
        path(session, participants, name="attendance_participants"),
        path(f"{session}add/<int:pk>/", amending.add, name="attendance_add"),
        path(f"{session}<int:pk>/", amending.amend, name="attendance_amend"),
        path("objections/", amending.objections, name="attendance_objections"),
        path("objections/<int:pk>/", amending.objection, name="attendance_objection"),
    ]


@hooks.register("register_admin_menu_item")
def objections_menu_item() -> MenuItem:
    return ObjectionsMenuItem(
        pgettext_lazy("menu", "Objections to records"),
        reverse("attendance_objections"),
        name="objections",
        icon_name="comment",
        order=615,
    )
