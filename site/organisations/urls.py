"""Addresses on the portal."""

from django.urls import path

from organisations.views import portal

app_name = "organisations"
urlpatterns = [
    path("my/organisations/", portal.mine, name="mine"),
    path("my/organisations/new/", portal.new, name="new"),
    path("my/organisations/<int:organisation_id>/ask/", portal.ask, name="ask"),
    path("organisations/invitation/<str:token>/", portal.invitation, name="invitation"),
]
