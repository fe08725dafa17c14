"""Writing a municipality into one file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from psycopg import sql

from common.refusal import Refused
from tenants.context import public_context
from tenants.models import Municipality
from tenants.operations.archive import media, release
from tenants.operations.archive.container import MEDIA, Manifest, Writer, written
from tenants.operations.archive.contents import (
    PERSONAL,
    WITHHELD,
    Table,
    names,
    own_tables,
    referred_tables,
    schema_tables,
)
from tenants.postgresql.connection import connection

# How values are written: the same text on every server, so that digests can be compared.
TEXT_FORM = (
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';"
    " SET LOCAL timezone = 'UTC'; SET LOCAL bytea_output = 'hex';"
    " SET LOCAL extra_float_digits = 1"
)


def export_municipality(code: str, path: Path) -> Manifest:
    """Write the municipality's archive to `path`, readable for its owner alone.

    All rows are of one moment: one repeatable-read transaction, which holds nobody up but a
    migration of this municipality. Uploads are read after them; one that is deleted meanwhile
    ends the export rather than being left out. Nothing is at `path` unless all of it is.
    Raises `Refused("file_exists")`, `Refused("busy")`, `Refused("media_changed", path)`, `Refused(
    "media_not_a_file", path)` and `Municipality.DoesNotExist`. Not inside of a transaction.
    """
    with public_context():
        municipality = Municipality.objects.get(pk=code)
        schema = municipality.schema_name
        with connection.cursor() as cursor:
            tables = [table.identifier for table in schema_tables(cursor, schema)]
        with (
            media.alone(code, schema),
            transaction.atomic(durable=True),
            connection.cursor() as cursor,
        ):
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # Before the first look at rows: a table that a migration or a restoration made
            # anew after it would seem empty.
            cursor.execute(
                sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.SQL(", ").join(tables))
            )
            cursor.execute(TEXT_FORM)
            cursor.execute("SELECT now()")
            moment = cursor.fetchone()[0]
            manifest = Manifest(
                code,
                municipality.full_name,
                moment.isoformat(),
                release.migrations(cursor, schema),
                release.content_types(cursor),
            )
            with written(path, int(moment.timestamp())) as archive:
                for table in _tables(cursor, code, schema):
                    manifest.members[table.member] = _copy(cursor, table, archive, path.parent)
                manifest.members.update(_uploads(archive, schema))
                archive.conclude(manifest)
    return manifest


def _tables(cursor: Any, code: str, schema: str) -> list[Table]:
    tables = [*schema_tables(cursor, schema), *own_tables(cursor, code)]
    return [*tables, *referred_tables(cursor, tables)]


def _copy(cursor: Any, table: Table, archive: Writer, folder: Path) -> dict[str, Any]:
    """Put a table's rows beside the archive first: a member's size stands before it."""
    withheld = WITHHELD.get(table.label, {})
    values = sql.SQL(", ").join(
        sql.SQL(withheld[column]) if column in withheld else sql.Identifier(column)
        for column in table.columns
    )
    statement = sql.SQL("COPY (SELECT {} FROM {} WHERE {} ORDER BY {}) TO STDOUT").format(
        values, table.identifier, table.where, names(table.key or table.columns)
    )
    rows = 0
    with tempfile.TemporaryFile(dir=folder) as spool:
        with cursor.copy(statement) as copy:
            for block in copy:
                rows += bytes(block).count(b"\n")  # a line break inside of a value is written \n
                spool.write(block)
        member = archive.add(table.member, spool)
    return {
        **member,
        "columns": list(table.columns),
        "rows": rows,
        "sequences": _sequences(cursor, table) if table.part == "schema" else {},
        "personal": table.label in PERSONAL,
    }


def _sequences(cursor: Any, table: Table) -> dict[str, list[Any]]:
    cursor.execute(
        "SELECT attname, pg_get_serial_sequence(%s, attname) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attidentity <> '' AND NOT attisdropped",
        [table.identifier.as_string(None)] * 2,
    )
    found: dict[str, list[Any]] = {}
    for column, sequence in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.SQL(sequence)))
        found[column] = list(cursor.fetchone())
    return found


def _uploads(archive: Writer, schema: str) -> Iterator[tuple[str, dict[str, Any]]]:
    folder = media.folder_of(schema)
    for path in sorted(_files(folder)):
        name = path.relative_to(folder).as_posix()
        try:
            # Not through a link: that could lead to anything on the machine.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            raise Refused("media_changed", path=name) from None
        with os.fdopen(handle, "rb") as file:
            yield f"{MEDIA}/{name}", archive.add(f"{MEDIA}/{name}", file)


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(place, name)
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise Refused("media_not_a_file", path=path.relative_to(folder).as_posix())
        yield from (Path(place, name) for name in files)
