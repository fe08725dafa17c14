"""Attendance in the municipality's admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from attendance.views.participants import participants
from attendance.views.sign_up_desk import sign_up_desk, sign_up_list


@hooks.register("register_admin_urls")
def attendance_urls() -> list[URLPattern]:
    return [
        path(
            "sessions/<uuid:session_uuid>/participants/",
            participants,
            name="attendance_participants",
        ),
        path(
            "sessions/<uuid:session_uuid>/sign-ups/", sign_up_desk, name="attendance_sign_up_desk"
        ),
        path(
            "sessions/<uuid:session_uuid>/sign-ups/print/",
            sign_up_list,
            name="attendance_sign_up_list",
        ),
    ]
