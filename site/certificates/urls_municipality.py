"""Addresses on a municipality's host."""

from django.urls import path

from certificates.views.workspace import workspace_poster

app_name = "certificates"
urlpatterns = [
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/poster.pdf",
        workspace_poster,
        name="workspace_poster",
    ),
]
