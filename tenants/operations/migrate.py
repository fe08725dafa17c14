"""Bringing schemas up to date."""

from __future__ import annotations

from django.core.management import call_command
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tenants.models import Municipality
from tenants.postgresql.connection import connection


def shared_is_behind() -> bool:
    """Whether the public schema lacks a migration; also of a database that is still empty."""
    connection.set_schema_to_public()
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate_shared() -> None:
    """Run what is missing in the public schema."""
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    connection.set_schema_to_public()


def municipalities_behind() -> list[Municipality]:
    """Municipalities whose schema lacks a migration, found by one query over all schemas.

    Compared by name, not by number: a row of a migration that is gone hides nothing.
    """
    connection.set_schema_to_public()
    municipalities = list(Municipality.objects.all())
    if not municipalities:
        return []
    disk = MigrationLoader(None).disk_migrations
    expected = [f"{app}.{name}" for app, name in disk]
    counts = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT {code}, count(DISTINCT app || '.' || name) FROM {table}"
            " WHERE app || '.' || name IN (SELECT migration FROM expected)"
        ).format(
            code=sql.Literal(municipality.code),
            table=sql.Identifier(municipality.schema_name, "django_migrations"),
        )
        for municipality in municipalities
    )
    query = sql.SQL("WITH expected(migration) AS (SELECT unnest(%s::text[])) ") + counts
    with connection.cursor() as cursor:
        cursor.execute(query, [expected])
        behind = {code for code, applied in cursor.fetchall() if applied < len(expected)}
    return [municipality for municipality in municipalities if municipality.code in behind]


def migrate_municipality(municipality: Municipality) -> None:
    """Run what is missing in one schema."""
    call_command(
        "migrate_schemas",
        tenant=True,
        schema_name=municipality.schema_name,
        interactive=False,
        verbosity=0,
    )
    connection.set_schema_to_public()
