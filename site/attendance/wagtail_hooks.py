"""Attendance in the municipality's admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from attendance.views.console import check_in_console, check_in_count
from attendance.views.participants import participants


@hooks.register("register_admin_urls")
def attendance_urls() -> list[URLPattern]:
    return [
        path(
            "sessions/<uuid:session_uuid>/participants/",
            participants,
            name="attendance_participants",
        ),
        path(
            "sessions/<uuid:session_uuid>/check-in/", check_in_console, name="attendance_check_in"
        ),
        path(
            "sessions/<uuid:session_uuid>/check-in/count/",
            check_in_count,
            name="attendance_check_in_count",
        ),
    ]
