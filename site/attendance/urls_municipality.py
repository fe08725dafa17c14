"""Addresses on a municipality's host."""

from django.urls import path

from attendance.views.sign_ups import sign_up_view
from attendance.views.workspace import workspace_sign_ups

app_name = "attendance"
urlpatterns = [
    path("sessions/<uuid:session_uuid>/sign-up/", sign_up_view, name="sign_up"),
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/sign-ups/",
        workspace_sign_ups,
        name="workspace_sign_ups",
    ),
]
