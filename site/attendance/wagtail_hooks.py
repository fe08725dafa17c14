"""Attendance in the municipality's admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from attendance.views.participants import participants


@hooks.register("register_admin_urls")
def attendance_urls() -> list[URLPattern]:
    return [
        path(
            "sessions/<uuid:session_uuid>/participants/",
            participants,
            name="attendance_participants",
        )
    ]
