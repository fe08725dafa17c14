"""Addresses on a municipality's host: activities in the workspace of an organisation."""

from django.urls import path

from activities.views import workspace

app_name = "activities"
_OWN = "workspace/<int:organisation_id>/activities/"
urlpatterns = [
    path(f"{_OWN}new/", workspace.new, name="new"),
    path(f"{_OWN}<int:page_id>/", workspace.edit, name="edit"),
    path(f"{_OWN}<int:page_id>/submit/", workspace.submit, name="submit"),
    path(f"{_OWN}<int:page_id>/take-back/", workspace.take_back, name="take_back"),
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/report/",
        workspace.report,
        name="report",
    ),
]
