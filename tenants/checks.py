"""What must hold before the platform starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import OperationalError, connection

_MINIMUM_KEY_LENGTH = 50


@register(Tags.security)
def check_production(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Production refuses a development default."""
    if not settings.IS_PRODUCTION:
        return []
    errors = []
    if settings.DEBUG:
        errors.append(Error("DEBUG is on in production.", id="tenants.E001"))
    if (
        settings.SECRET_KEY == settings.DEVELOPMENT_SECRET_KEY
        or len(settings.SECRET_KEY) < _MINIMUM_KEY_LENGTH
    ):
        errors.append(
            Error("SECRET_KEY is missing or shorter than 50 characters.", id="tenants.E002")
        )
    if settings.BASE_DOMAIN == "localhost":
        errors.append(Error("BASE_DOMAIN is still localhost.", id="tenants.E003"))
    if settings.CELERY_BROKER_URL.startswith(("filesystem", "memory")):
        errors.append(
            Error("CELERY_BROKER_URL names a development broker.", id="tenants.E004")
        )
    return errors


@register(Tags.database)
def check_database(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """The database's encoding and locale must keep Japanese, its role must not be all-mighty."""
    if not databases:
        return []
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), datctype, rolsuper, rolbypassrls"
                " FROM pg_database, pg_roles"
                " WHERE datname = current_database() AND rolname = current_user"
            )
            encoding, ctype, is_superuser, bypasses = cursor.fetchone()
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}", id="tenants.E010")]
    errors = []
    if encoding != "UTF8":
        errors.append(Error(f"The database is {encoding}, not UTF8.", id="tenants.E011"))
    if ctype in {"C", "POSIX"} and not _has_builtin_locale():
        errors.append(
            Error(f"The database's locale {ctype} knows no Japanese letters.", id="tenants.E012")
        )
    if is_superuser or bypasses:
        errors.append(
            Error(
                "The application's database role is a superuser or bypasses row security.",
                id="tenants.E013",
            )
        )
    return errors


def _has_builtin_locale() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        if int(cursor.fetchone()[0]) < 170000:
            return False
        cursor.execute(
            "SELECT datlocprovider = 'b' FROM pg_database WHERE datname = current_database()"
        )
        return bool(cursor.fetchone()[0])
