"""Addresses on a municipality's host: the workspace."""

from django.urls import path

from organisations.views import workspace

app_name = "organisations"
urlpatterns = [
    path("workspace/", workspace.choose, name="choose"),
    path("workspace/<int:organisation_id>/", workspace.home, name="home"),
    path("workspace/<int:organisation_id>/people/", workspace.people, name="people"),
    path(
        "workspace/<int:organisation_id>/people/<int:member_id>/remove/",
        workspace.remove,
        name="remove_member",
    ),
    path(
        "workspace/<int:organisation_id>/invitations/<int:invitation_id>/take-back/",
        workspace.take_back,
        name="take_back_invitation",
    ),
]
