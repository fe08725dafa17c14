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
from attendance.views.voices import workspace_voices
from attendance.views.workspace import (
    workspace_check_in,
    workspace_count,
    workspace_sign_ups,
    workspace_sign_ups_file,
)

app_name = "attendance"
_RUN = "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/"
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
    path(f"{_RUN}sign-ups/", workspace_sign_ups, name="workspace_sign_ups"),
    path(f"{_RUN}sign-ups.xlsx", workspace_sign_ups_file, name="workspace_sign_ups_file"),
    path(f"{_RUN}voices/", workspace_voices, name="workspace_voices"),
    path(f"{_RUN}check-in/", workspace_check_in, name="workspace_check_in"),
    path(f"{_RUN}check-in/count/", workspace_count, name="workspace_count"),
    path("sessions/<uuid:session_uuid>/draw/", draw_result, name="draw"),
]
