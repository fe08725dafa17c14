"""Addresses on the portal."""

from django.urls import path

from identity.views import verify

app_name = "identity"
urlpatterns = [
    path("my/identity/", verify.verify, name="verify"),
    path("my/identity/callback/", verify.callback, name="callback"),
    path("my/identity/merge/", verify.merge, name="merge"),
]
