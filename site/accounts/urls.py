"""Addresses on the portal."""

from allauth.account import views as allauth_views
from django.urls import path

from accounts.views import claim, confirmation, passkeys, sign_in, sign_in_settings
from accounts.views.handoff import handoff
from accounts.views.profile import ProfileView
from accounts.views.terms import terms, terms_version
from accounts.views.wishes import wishes

app_name = "accounts"
urlpatterns = [
    path("my/profile/", ProfileView.as_view(), name="profile"),
    path("my/sign-in/", sign_in_settings.sign_in_settings, name="sign_in_settings"),
    path("my/sign-in/others/end/", sign_in_settings.end_all_but_this, name="end_others"),
    path("my/sign-in/<uuid:session_id>/end/", sign_in_settings.end_one, name="end_session"),
    path("my/sign-in/passkey/", passkeys.offer, name="passkey_offer"),
    path("my/sign-in/passkeys/add/", passkeys.add, name="passkey_add"),
    path("my/sign-in/passkeys/options/", passkeys.add_options, name="passkey_add_options"),
    path("my/sign-in/passkeys/<uuid:passkey_id>/", passkeys.edit, name="passkey"),
    path("my/sign-in/passkeys/<uuid:passkey_id>/remove/", passkeys.remove, name="passkey_remove"),
    path("my/sign-in/codes/", sign_in_settings.recovery_codes, name="recovery_codes"),
    path(
        "my/sign-in/codes/text/",
        sign_in_settings.recovery_codes_as_text,
        name="recovery_codes_text",
    ),
    path("my/wishes/", wishes, name="wishes"),
    path("claim/", claim.claim, name="claim"),
    path("claim/address/", claim.claim_email, name="claim_email"),
    path("claim/confirm/", claim.claim_confirm, name="claim_confirm"),
    path("claim/join/", claim.claim_join, name="claim_join"),
    path("handoff/", handoff, name="handoff"),
    path("terms/<slug:kind>/", terms, name="terms"),
    path("terms/<slug:kind>/<str:version>/", terms_version, name="terms_version"),
]

# Below `account/`: what makes somebody known. The names begin with `account_`, which makes them
# the reception's (`accounts.middleware`). Named one by one: what allauth brings along beside
# these has no address here.
account_urlpatterns = [
    path("login/", sign_in.CodeRequestView.as_view(), name="account_login"),
    path("login/code/", sign_in.CodeView.as_view(), name="account_confirm_login_code"),
    path("login/new/", sign_in.UnknownAddressView.as_view(), name="account_unknown"),
    path("login/passkey/", passkeys.sign_in_with_passkey, name="account_passkey_login"),
    path("login/passkey/options/", passkeys.sign_in_options, name="account_passkey_options"),
    path("login/password/", sign_in.PasswordSignInView.as_view(), name="account_password_login"),
    path("login/recovery/", sign_in.RecoverySignInView.as_view(), name="account_recovery_login"),
    path("signup/", sign_in.SignUpView.as_view(), name="account_signup"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", confirmation.ConfirmationView.as_view(), name="account_reauthenticate"),
    path("email/", sign_in_settings.ChangeAddressView.as_view(), name="account_email"),
    path(
        "confirm-email/",
        allauth_views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    path("password/change/", sign_in_settings.change_password, name="account_change_password"),
    path("password/reset/", sign_in.ForgottenPasswordView.as_view(), name="account_reset_password"),
]
