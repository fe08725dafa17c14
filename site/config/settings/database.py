"""PostgreSQL: one database, one schema per municipality, a wall between them."""

import hashlib

import environ

from config.settings.environment import DATABASE_URL, SECRET_KEY, env

_database = environ.Env.db_url_config(DATABASE_URL)
# The operator's host has a login of its own; without one it shares ours and takes the role.
_operator_url = env.str("OPERATOR_DATABASE_URL", default="")
_operator = environ.Env.db_url_config(_operator_url) if _operator_url else None
# Logins that `prepare`, run as the owner, makes or keeps: name and password stand in the URLs.
RUNTIME_DATABASE_URLS = [
    url for url in (env.str("RUNTIME_DATABASE_URL", default=""), _operator_url) if url
]
# Signs what a connection claims to be; the database keeps it where no run-time role reads it.
GUARD_KEY = (
    env.str("GUARD_KEY", default="").encode()
    or hashlib.sha256(b"guard" + SECRET_KEY.encode()).digest()
)

DATABASES = {
    "default": {
        **_database,
        "ENGINE": "tenants.postgresql",
        "WALL": {
            "PREFIX": env.str("DATABASE_ROLE_PREFIX", default="furusato"),
            "KEY": GUARD_KEY,
            "LOGINS": {"operator": _operator} if _operator else {},
        },
        # Memory of one backend grows with every schema it has seen (327 MB after 1,788
        # front pages), so connections are pooled, few, and renewed.
        "CONN_MAX_AGE": 0,
        # A pooled connection may have died with the server: look before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            # None but those that ask for it (`tenants.postgresql.base.prepared`) are prepared.
            "prepare_threshold": 1_000_000_000,
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10, "max_lifetime": 900},
        },
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
