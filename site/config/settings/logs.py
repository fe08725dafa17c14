"""Logs go to standard output; who starts us decides where they end."""

from typing import Any

# Without individual numbers, as every record (common.logs).
DEFAULT_EXCEPTION_REPORTER = "common.logs.MaskingReporter"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django_tasks": {"level": "WARNING"},
        "django_tenants": {"level": "WARNING"},
        # Names the passkeys that were used.
        "fido2": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        # Says that a broker of files has no host name.
        "kombu.connection": {"level": "ERROR"},
        # What was published when stands in the municipality's own history.
        "wagtail": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},
    },
}
