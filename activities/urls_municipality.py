"""Addresses on a municipality's host: needs, and an organisation's activities."""

from django.urls import path

from activities.views import workspace, workspace_dates, workspace_needs
from activities.views.needs import new_need, own_needs, withdraw
from activities.views.thanks import thank

app_name = "activities"
_OWN = "workspace/<int:organisation_id>/activities/"
urlpatterns = [
    path(f"{_OWN}templates/", workspace.choose_template, name="templates"),
    path(f"{_OWN}new/", workspace.new, name="new"),
    path(f"{_OWN}<int:page_id>/", workspace.edit, name="edit"),
    path(f"{_OWN}<int:page_id>/submit/", workspace.submit, name="submit"),
    path(f"{_OWN}<int:page_id>/take-back/", workspace.take_back, name="take_back"),
    path(f"{_OWN}<int:page_id>/drop/", workspace.drop, name="drop"),
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/report/",
        workspace.report,
        name="report",
    ),
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/change/",
        workspace_dates.change_date,
        name="change_date",
    ),
    path(
        "workspace/<int:organisation_id>/sessions/<uuid:session_uuid>/thanks/",
        thank,
        name="thank",
    ),
    path(
        "workspace/<int:organisation_id>/needs/new/",
        workspace_needs.new_need_of_organisation,
        name="new_workspace_need",
    ),
    path(
        "workspace/<int:organisation_id>/needs/<int:need_id>/withdraw/",
        workspace_needs.withdraw_need_of_organisation,
        name="withdraw_workspace_need",
    ),
    path("needs/", own_needs, name="needs"),
    path("needs/new/", new_need, name="new_need"),
    path("needs/<int:need_id>/withdraw/", withdraw, name="withdraw_need"),
]
