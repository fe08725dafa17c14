"""Addresses on a municipality's host."""

from django.urls import path, re_path

from attendance.views.desk import (
    desk,
    desk_code,
    desk_count,
    desk_data,
    desk_scans,
    open_link,
)
from attendance.views.offline import desk_shell, desk_worker
from attendance.views.sign_ups import draw_result, sign_up_view
from attendance.views.workspace import workspace_sign_ups

app_name = "attendance"
urlpatterns = [
    path("sessions/<uuid:session_uuid>/sign-up/", sign_up_view, name="sign_up"),
    path("desk/", desk, name="desk"),
    path("desk/code/", desk_code, name="desk_code"),
    path("desk/worker.js", desk_worker, name="desk_worker"),
    path("desk/offline/", desk_shell, name="desk_shell"),
    path("desk/data/", desk_data, name="desk_data"),
    path("desk/count/", desk_count, name="desk_count"),
    path("desk/scans/", desk_scans, name="desk_scans"),
    re_path(r"^desk/(?P<secret>[A-Za-z0-9_-]{32})/$", open_link, name="desk_link"),
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/sign-ups/",
        workspace_sign_ups,
        name="workspace_sign_ups",
    ),
    path("sessions/<uuid:session_uuid>/draw/", draw_result, name="draw"),
]
