"""Addresses on the portal."""

from django.urls import path

from identity.views import guardians, verify

app_name = "identity"
urlpatterns = [
    path("my/guardian/", guardians.my_guardian, name="my_guardian"),
    path("my/guardian/cancel/", guardians.cancel, name="cancel_invitation"),
    path("my/guardian/confirm/", guardians.confirm_of_age, name="confirm_of_age"),
    path("guardian/<str:token>/", guardians.answer, name="answer_invitation"),
    path(
        "my/children/<int:consent_id>/withdraw/", guardians.withdraw_view, name="withdraw_consent"
    ),
    path("my/identity/", verify.verify, name="verify"),
    path("my/identity/callback/", verify.callback, name="callback"),
    path("my/identity/merge/", verify.merge, name="merge"),
]
