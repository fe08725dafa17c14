"""Bringing municipalities' schemas up to date."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from tenants.models import Municipality


def municipalities_behind() -> list[Municipality]:
    """Municipalities whose schema lacks a migration, found by one query over all schemas."""
    connection.set_schema_to_public()
    municipalities = list(Municipality.objects.all())
    if not municipalities:
        return []
    expected = len(MigrationLoader(None, ignore_no_initial=True).disk_migrations)
    counts = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {code}, count(*) FROM (SELECT DISTINCT app, name FROM {table}) m").format(
            code=sql.Literal(municipality.code),
            table=sql.Identifier(municipality.schema_name, "django_migrations"),
        )
        for municipality in municipalities
    )
    with connection.cursor() as cursor:
        cursor.execute(counts)
        behind = {code for code, applied in cursor.fetchall() if applied < expected}
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
