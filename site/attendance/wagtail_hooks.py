"""Attendance in the municipality's admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy

from activities.permissions import runs_activities
from attendance.views import amending, earlier, earlier_rows, staff_voices
from attendance.views.console import check_in_console, check_in_count
from attendance.views.participants import participants
from attendance.views.sign_up_desk import sign_up_desk, sign_up_file, sign_up_list


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
        path(
            "sessions/<uuid:session_uuid>/check-in/", check_in_console, name="attendance_check_in"
        ),
        path(
            "sessions/<uuid:session_uuid>/check-in/count/",
            check_in_count,
            name="attendance_check_in_count",
        ),
        path(
            "sessions/<uuid:session_uuid>/sign-ups/", sign_up_desk, name="attendance_sign_up_desk"
        ),
        path(
            "sessions/<uuid:session_uuid>/sign-ups/print/",
            sign_up_list,
            name="attendance_sign_up_list",
        ),
        path(
            "sessions/<uuid:session_uuid>/sign-ups.xlsx",
            sign_up_file,
            name="attendance_sign_up_file",
        ),
    ]


class EarlierMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(earlier.IMPORT)


@hooks.register("register_admin_menu_item")
def earlier_menu_item() -> MenuItem:
    return EarlierMenuItem(
        _("Earlier participations"),
        reverse("attendance_earlier"),
        name="earlier",
        icon_name="history",
        order=640,
    )


@hooks.register("register_admin_urls")
def earlier_urls() -> list[URLPattern]:
    one = "earlier/rows/<int:pk>/"
    return [
        path("earlier/", earlier.lists, name="attendance_earlier"),
        path("earlier/sample/", earlier.sample, name="attendance_earlier_sample"),
        path("earlier/columns/", earlier.columns, name="attendance_earlier_columns"),
        path("earlier/errors/", earlier.errors, name="attendance_earlier_errors"),
        path("earlier/take/", earlier.take, name="attendance_earlier_take"),
        path("earlier/<int:pk>/", earlier_rows.batch, name="attendance_earlier_batch"),
        path("earlier/<int:pk>/undo/", earlier_rows.undo, name="attendance_earlier_undo"),
        path("earlier/rows/", earlier_rows.waiting, name="attendance_earlier_waiting"),
        path(one, earlier_rows.one, name="attendance_earlier_one"),
        path(f"{one}letter/", earlier_rows.letter, name="attendance_earlier_letter"),
    ]


@hooks.register("register_admin_menu_item")
def objections_menu_item() -> MenuItem:
    return ObjectionsMenuItem(
        pgettext_lazy("menu", "Objections"),
        reverse("attendance_objections"),
        name="objections",
        icon_name="comment",
        order=615,
    )


class VoicesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return runs_activities(request)


@hooks.register("register_admin_urls")
def voices_urls() -> list[URLPattern]:
    return [
        path("voices/", staff_voices.voices, name="attendance_voices"),
        path("voices/<int:pk>/", staff_voices.voice, name="attendance_voice"),
    ]


@hooks.register("register_admin_menu_item")
def voices_menu_item() -> MenuItem:
    return VoicesMenuItem(
        _("Words of participants"),
        reverse("attendance_voices"),
        name="voices",
        icon_name="comment",
        order=146,
    )
