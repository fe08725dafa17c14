"""What must hold before the platform starts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import OperationalError, connection
from environ import Env

from tenants.postgresql.pooling import mixes_sessions

_MINIMUM_KEY_LENGTH = 50
_FIELD_KEY = 32  # bytes: AES-256
_SEAL_KEY = 32  # bytes: Ed25519
# Words of the options that reach the server, and how it is asked whether it mixes sessions.
_LIBPQ = {"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey"}
_PROBE: dict[str, Any] = {"autocommit": True, "connect_timeout": 5, "prepare_threshold": None}


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
        errors.append(Error("CELERY_BROKER_URL names a development broker.", id="tenants.E004"))
    if not settings.FIELD_KEYS_ARE_OWN:
        errors.append(
            Error(
                "FIELD_KEYS (or FIELD_KEYS_FILE) is missing: personal data would be encrypted "
                "under a key made from SECRET_KEY, and be lost with it.",
                id="tenants.E005",
            )
        )
    kids = [kid for kid, _key in settings.FIELD_KEYS]
    if len(set(kids)) < len(kids) or any(len(key) != _FIELD_KEY for _, key in settings.FIELD_KEYS):
        errors.append(
            Error("FIELD_KEYS: each id once, each key 64 hexadecimal digits.", id="tenants.E006")
        )
    if not settings.LEDGER_SEAL_KEYS_ARE_OWN:
        errors.append(
            Error(
                "LEDGER_SEAL_KEYS (or LEDGER_SEAL_KEYS_FILE), or for processes that only verify "
                "LEDGER_SEAL_PUBLIC_KEYS, is missing: the ledger would be sealed with a key made "
                "from SECRET_KEY.",
                id="tenants.E007",
            )
        )
    seal_keys = [*settings.LEDGER_SEAL_KEYS, *settings.LEDGER_SEAL_PUBLIC_KEYS.items()]
    if any(len(key) != _SEAL_KEY for _kid, key in seal_keys):
        errors.append(Error("LEDGER_SEAL_KEYS: each key 64 hexadecimal digits.", id="tenants.E008"))
    return errors


@dataclass(frozen=True)
class DatabaseFacts:
    """What the catalogue says of the database and of the role we sign in with."""

    encoding: str
    ctype: str
    has_builtin_locale: bool
    is_superuser: bool
    bypasses_row_security: bool
    may_create_schemas: bool


@register(Tags.database)
def check_database(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """The database's encoding and locale must keep Japanese, its role must fit."""
    if not databases:
        return []
    try:
        return judge_database(_database_facts())
    except OperationalError as error:
        return [Error(f"The database does not answer: {error}", id="tenants.E010")]


@register(Tags.database)
def check_pooling(app_configs: Any, databases: Any = None, **kwargs: Any) -> list[Error]:
    """Each session keeps its role and claims: of this process's login, and of those it knows."""
    addresses = [settings.DATABASES["default"]] if databases else []
    addresses += [Env.db_url_config(url) for url in settings.RUNTIME_DATABASE_URLS if addresses]
    return [
        Error(
            f"Sessions of the login {address['USER']!r} are pooled by transaction or statement."
            " Connect directly, or through a pooler in session mode: one municipality's role"
            " would reach another's request.",
            id="tenants.E015",
        )
        for address in addresses
        if _mixes_sessions(address)
    ]


def _mixes_sessions(address: Any) -> bool:
    words = {
        "host": address["HOST"],
        "port": address["PORT"],
        "user": address["USER"],
        "password": address["PASSWORD"],
        "dbname": address["NAME"],
        **{k: v for k, v in address.get("OPTIONS", {}).items() if k in _LIBPQ},
    }
    given = {name: value for name, value in words.items() if value}
    try:
        return mixes_sessions(partial(psycopg.connect, **given, **_PROBE))
    except psycopg.Error:
        return False  # a login that is not made yet; that a database is away others say


def judge_database(facts: DatabaseFacts) -> list[Error]:
    """What of `facts` cannot work; empty when all can."""
    errors = []
    if facts.encoding != "UTF8":
        errors.append(Error(f"The database is {facts.encoding}, not UTF8.", id="tenants.E011"))
    if facts.ctype in {"C", "POSIX"} and not facts.has_builtin_locale:
        errors.append(
            Error(
                f"The database's locale {facts.ctype} knows no Japanese letters.",
                id="tenants.E012",
            )
        )
    if facts.is_superuser or facts.bypasses_row_security:
        errors.append(
            Error(
                "The application's database role is a superuser or bypasses row security.",
                id="tenants.E013",
            )
        )
    if not facts.may_create_schemas:
        errors.append(
            Error(
                "The application's database role may not create schemas in its database.",
                id="tenants.E014",
            )
        )
    return errors


def _database_facts() -> DatabaseFacts:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datctype,"
            " to_jsonb(d) ->> 'datlocprovider' = 'b',"  # the column is new in PostgreSQL 15
            " rolsuper, rolbypassrls, has_database_privilege(datname, 'CREATE')"
            " FROM pg_database d, pg_roles"
            " WHERE datname = current_database() AND rolname = current_user"
        )
        return DatabaseFacts(*cursor.fetchone())
