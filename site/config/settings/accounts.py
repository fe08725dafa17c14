"""Accounts: residents sign in on the portal, staff on their admin host."""

from config.settings.environment import IS_PRODUCTION, env

AUTHENTICATION_BACKENDS = [
    "accounts.backends.AccountBackend",
    # Sessions name the backend they were begun with: staff who took up an invitation, this one.
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:my_page"
# The secret that binds a hand-off to one browser; host-only like every cookie here.
HANDOFF_COOKIE_NAME = f"{'__Host-' if IS_PRODUCTION else ''}handoff"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.sign_in.SignUpForm",
    "login": "accounts.forms.sign_in.SignInForm",
    "request_login_code": "accounts.forms.sign_in.RequestSignInCodeForm",
    "confirm_login_code": "accounts.forms.sign_in.ConfirmSignInCodeForm",
    "confirm_email_verification_code": "accounts.forms.sign_in.ConfirmEmailCodeForm",
    "reset_password": "accounts.forms.sign_in.ResetPasswordForm",
    "confirm_password_reset_code": "accounts.forms.sign_in.ConfirmPasswordResetCodeForm",
    "reset_password_from_key": "accounts.forms.sign_in.NewPasswordForm",
    "set_password": "accounts.forms.sign_in.SetPasswordForm",
    "change_password": "accounts.forms.sign_in.ChangePasswordForm",
    "add_email": "accounts.forms.sign_in.ChangeEmailForm",
    "reauthenticate": "accounts.forms.sign_in.ReauthenticateForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code typed from the mail works on any device, also where the mail is read on another one.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Digits can be typed on any keyboard. Eight of them and three attempts a mail, three mails a
# minute at most, leave a guesser one chance in eight thousand a day.
ALLAUTH_USER_CODE_FORMAT = {"length": 8, "numeric": True, "dashed": True}
# Finding the mail on another device takes people time.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 30 * 60
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address an account, replaced once the new one is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address is changed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner learns of a changed password or address
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
# How long a code on paper can be used by which somebody entered at the counter makes the account
# their own.
CLAIM_CODE_DAYS = env.int("CLAIM_CODE_DAYS", default=365)
