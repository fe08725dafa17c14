"""PostgreSQL: one database, one schema per municipality."""

import environ

from config.settings.environment import DATABASE_URL

_database = environ.Env.db_url_config(DATABASE_URL)

DATABASES = {
    "default": {
        **_database,
        "ENGINE": "tenants.postgresql",
        # Memory of one backend grows with every schema it has seen (327 MB after 1,788
        # front pages), so connections are pooled, few, and renewed.
        "CONN_MAX_AGE": 0,
        # A pooled connection may have died with the server: look before it is handed out.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **_database.get("OPTIONS", {}),
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10, "max_lifetime": 900},
        },
    }
}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
