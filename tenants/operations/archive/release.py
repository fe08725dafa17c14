"""Of which release a database or an archive is: its migrations, and the ids of content types."""

from __future__ import annotations

from typing import Any

from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from common.refusal import Refused
from tenants.operations.archive.container import Manifest
from tenants.operations.template import SCHEMA as TEMPLATE


def migrations(cursor: Any, schema: str) -> dict[str, list[str]]:
    """Names of what was applied in `schema` and in the shared one.

    Rows of migrations that no release has any more say nothing about the tables.
    """
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    found = {}
    for kind, where in (("schema", schema), ("shared", "public")):
        cursor.execute(
            sql.SQL("SELECT app || '.' || name FROM {}").format(
                sql.Identifier(where, "django_migrations")
            )
        )
        found[kind] = sorted(known & {name for (name,) in cursor.fetchall()})
    return found


def require_this_release(cursor: Any, manifest: Manifest) -> None:
    """Raises `Refused("archive_of_another_release", only_in_archive, only_here)`.

    Compared with the template: its tables are what the archive's rows are put into.
    """
    here = _named(migrations(cursor, TEMPLATE))
    there = _named(manifest.migrations)
    refuse_difference(there - here, here - there)


def refuse_difference(only_in_archive: set[str], only_here: set[str]) -> None:
    """Raises `Refused("archive_of_another_release")` unless both are empty."""
    if only_in_archive or only_here:
        raise Refused(
            "archive_of_another_release",
            only_in_archive=sorted(only_in_archive),
            only_here=sorted(only_here),
        )


def content_types(cursor: Any) -> dict[str, list[str]]:
    """Natural keys of all content types, by id."""
    cursor.execute("SELECT id, app_label, model FROM public.django_content_type ORDER BY id")
    return {str(number): [label, model] for number, label, model in cursor.fetchall()}


def _named(found: dict[str, list[str]]) -> set[str]:
    return {f"{kind}: {name}" for kind, names in found.items() for name in names}
