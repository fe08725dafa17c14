"""Work outside the request: mail through the outbox, Celery, cache."""

from typing import Any

import environ
from celery.schedules import crontab

from config.settings.environment import CACHE_URL, CELERY_BROKER_URL, DATA_DIR, EMAIL_URL, env

# Every mail is a row of the outbox, written in the caller's transaction; the worker hands it
# to the SMTP server below.
EMAIL_BACKEND = "notifications.mail_backend.OutboxEmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ふるさと住民登録 <noreply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Who is told of requests about what the platform itself holds; empty: its screen alone says so.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")
_email = environ.Env.email_url_config(EMAIL_URL)
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(_email.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_email.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10

# The broker only wakes workers: what must be done stands in the database. So a broker of
# plain files, which may lose messages, is good enough where there is no Redis.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Tokyo"
# One try: who wakes a worker is in the middle of a visitor's request, and the clock wakes it too.
# Workers themselves try for ever (`broker_connection_retry`).
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {"max_retries": 0}
if CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT = "config.broker:Transport"
    _queue = DATA_DIR / "queue"
    (_queue / "control").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS |= {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.2,
    }
# What only the owner of the database may do goes to a worker of its own, the caretaker: web and
# worker have logins that own nothing.
CELERY_TASK_ROUTES = {
    task: {"queue": "caretaker"}
    for task in (
        "tenants.tasks.*",
        "privacy.tasks.erase_closed",
        "attendance.tasks.seal",
        "registration.tasks.forget_left",
        "registration.tasks.replay_decisions",
        "registration.tasks.nightly",
        "registration.tasks.coregister_late",
        "attendance.tasks.forget_waiting",
        "activities.tasks.forget_needs",
        "attendance.tasks.tend_sign_ups",
        "attendance.tasks.remind",
    )
}
CELERY_BEAT_SCHEDULE = {
    "deliver-outbox": {"task": "notifications.tasks.deliver", "schedule": 10.0},
    "provision-approved": {"task": "tenants.tasks.provision_approved", "schedule": 10.0},
    "forget-old-sign-ins": {"task": "accounts.tasks.forget_old", "schedule": 3600.0},
    "tidy-identity": {"task": "identity.tasks.tidy", "schedule": 600.0},
    "publish-due": {"task": "tenants.tasks.publish_due", "schedule": 15.0},
    "expire-guardian-invitations": {
        "task": "identity.tasks.expire_invitations",
        "schedule": 3600.0,
    },
    # In the morning of the birthday, when a mail does not wake anybody.
    "coming-of-age": {
        "task": "identity.tasks.close_consents_of_adults",
        "schedule": crontab(hour=7, minute=30),
    },
    "end-exports": {"task": "privacy.tasks.end_exports", "schedule": 3600.0},
    "erase-closed": {"task": "privacy.tasks.erase_closed", "schedule": 60.0},
    "seal-the-ledger": {"task": "attendance.tasks.seal", "schedule": 60.0},
    "forget-left": {
        "task": "registration.tasks.forget_left",
        "schedule": crontab(hour="3", minute="40"),
    },
    "forget-earlier": {
        "task": "attendance.tasks.forget_waiting",
        "schedule": crontab(hour="3", minute="50"),
    },
    "forget-needs": {
        "task": "activities.tasks.forget_needs",
        "schedule": crontab(hour="4", minute="0"),
    },
    "replay-decisions": {"task": "registration.tasks.replay_decisions", "schedule": 60.0},
    "registrations-at-night": {
        "task": "registration.tasks.nightly",
        "schedule": crontab(hour="3", minute="0"),
    },
    "coregister-late": {"task": "registration.tasks.coregister_late", "schedule": 600.0},
    "tend-sign-ups": {"task": "attendance.tasks.tend_sign_ups", "schedule": 60.0},
    # Every half hour of the day, for what a stopped worker has missed; each is reminded once.
    "remind-of-sessions": {
        "task": "attendance.tasks.remind",
        "schedule": crontab(hour="10-19", minute="0,30"),
    },
    "remind-of-cases": {
        "task": "privacy.tasks.remind_of_cases",
        "schedule": crontab(hour="7", minute="30"),
    },
}

_CACHE = environ.Env.cache_url_config(CACHE_URL)
if _CACHE["BACKEND"].endswith("RedisCache"):
    _CACHE["BACKEND"] = "config.cache.ForgivingRedisCache"
CACHES = {
    "default": {
        **_CACHE,
        # Without it a tenant was served URLs of another one.
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
    },
}
VIEWS_KEPT_SECONDS = 60  # views of activities wait so long in a process before they are written
VENUE_SECONDS = 5  # how old what a check-in code leads to may be
