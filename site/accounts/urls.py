"""Addresses on the portal."""

from django.urls import path

from accounts.views.handoff import handoff
from accounts.views.profile import ProfileView
from accounts.views.terms import terms

app_name = "accounts"
urlpatterns = [
    path("my/profile/", ProfileView.as_view(), name="profile"),
    path("handoff/", handoff, name="handoff"),
    path("terms/<slug:kind>/", terms, name="terms"),
]
