"""Addresses on a municipality's host."""

from django.urls import path

from accounts.views.handoff import arrive, enter, leave

app_name = "accounts"
urlpatterns = [
    path("enter/", enter, name="enter"),
    path("arrive/", arrive, name="arrive"),
    path("leave/", leave, name="leave"),
]
