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
    "confirm_email_verification_code": "accounts.forms.sign_in.ConfirmEmailCodeForm",
    "add_email": "accounts.forms.sign_in.ChangeEmailForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# A code typed from the mail works on any device, also where the mail is read on another one.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
# Digits can be typed on any keyboard. The codes one signs in with: accounts.operations.mail_codes.
ALLAUTH_USER_CODE_FORMAT = {"length": 8, "numeric": True, "dashed": True}
# Finding the mail on another device takes people time.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 30 * 60
ACCOUNT_LOGIN_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True  # one address an account, replaced once the new one is confirmed
# Asked by accounts.views.confirmation instead, which knows codes by mail and passkeys.
ACCOUNT_REAUTHENTICATION_REQUIRED = False
# Counted by accounts.operations.attempts, in the database: allauth's are counted in the cache,
# which may be down and is one for each process where there is no server for it.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner learns of a changed password or address
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"

# Sessions of staff and operators: minutes without a request, hours from sign-in on, and minutes
# for which a passed second factor is enough for exports, roles, networks and the like.
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=10)
STAFF_CONFIRMATION_MINUTES = env.int("STAFF_CONFIRMATION_MINUTES", default=15)

# How long what happened around signing in is kept; a year at least (accounts.walls).
SECURITY_EVENT_DAYS = 400

# Until when backups may still hold what was erased when an account was closed. Backups are the
# operator's, and so is this word: it is shown to whoever closes an account, and written down.
BACKUP_DAYS = env.int("BACKUP_DAYS", default=35)

# How long a code on paper can be used by which somebody entered at the counter makes the account
# their own.
CLAIM_CODE_DAYS = env.int("CLAIM_CODE_DAYS", default=365)
# How long a row of a list from before the platform waits for a person without an account.
EARLIER_RECORD_DAYS = env.int("EARLIER_RECORD_DAYS", default=3 * 365)
