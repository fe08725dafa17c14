"""Addresses on the portal."""

from django.urls import path

from accounts.views import claim
from accounts.views.handoff import handoff
from accounts.views.profile import ProfileView
from accounts.views.terms import terms
from accounts.views.wishes import wishes

app_name = "accounts"
urlpatterns = [
    path("my/profile/", ProfileView.as_view(), name="profile"),
    path("my/wishes/", wishes, name="wishes"),
    path("claim/", claim.claim, name="claim"),
    path("claim/address/", claim.claim_email, name="claim_email"),
    path("claim/confirm/", claim.claim_confirm, name="claim_confirm"),
    path("claim/join/", claim.claim_join, name="claim_join"),
    path("handoff/", handoff, name="handoff"),
    path("terms/<slug:kind>/", terms, name="terms"),
]
