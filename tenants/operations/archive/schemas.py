"""Filling a municipality's schema with the archive's rows.

Where every shared row has kept its number, and so in the database of origin, rows are copied as
they are. Elsewhere what names shared rows is rewritten first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from modelcluster.models import get_all_child_relations
from psycopg import sql

from tenants.operations.archive.container import Manifest
from tenants.operations.archive.contents import Table, names, references
from tenants.operations.archive.staged import Renumbered, copy_in, follow

Numbers = dict[type[Model], dict[str, Any]]
# Columns with whole objects as JSON: the column, that of their content type, the type.
_OBJECTS = {
    "wagtailcore.Revision": ("content", "content_type_id", "jsonb"),
    "wagtail_localize.TranslationSource": ("content_json", "specific_content_type_id", "text"),
}


def fill(
    cursor: Any, tables: Sequence[Table], manifest: Manifest, folder: Path, others: list[Renumbered]
) -> int:
    """Copy the archive's rows into the empty tables and set their sequences; how many rows."""
    rows = 0
    for table in tables:
        member = manifest.members[table.member]
        columns, file = member["columns"], folder / table.member
        if {other.model for other in others} & set(references(table.model).values()):
            _copy_rewritten(cursor, table, columns, file, others)
        else:
            copy_in(cursor, table.identifier, columns, file)
        for column, (last, is_called) in member["sequences"].items():
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                [table.identifier.as_string(None), column, last, is_called],
            )
        rows += member["rows"]
    return rows


def _copy_rewritten(
    cursor: Any, table: Table, columns: list[str], file: Path, others: list[Renumbered]
) -> None:
    staged = sql.Identifier(f"archived_{table.name}")
    cursor.execute(
        sql.SQL("CREATE TEMP TABLE {} AS SELECT * FROM {} WITH NO DATA").format(
            staged, table.identifier
        )
    )
    copy_in(cursor, staged, columns, file)
    follow(cursor, staged, table.model, others)
    _follow_generic(cursor, table, staged, others)
    if table.label in _OBJECTS:
        _rewrite_objects(cursor, staged, *_OBJECTS[table.label], others)
    cursor.execute(
        sql.SQL("INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM {2}").format(
            table.identifier, names(columns), staged
        )
    )
    cursor.execute(sql.SQL("DROP TABLE {}").format(staged))


def _follow_generic(
    cursor: Any, table: Table, staged: sql.Identifier, others: list[Renumbered]
) -> None:
    """Pairs of content type and key: `content_type_id` with `object_id`, `to_…` with `to_…`.

    After `follow`: the content types are those of this database by then.
    """
    for column, target in references(table.model).items():
        objects = column.removesuffix("content_type_id") + "object_id"
        if target is not ContentType or objects not in table.columns:
            continue
        for other in others:
            if other.model is ContentType:
                continue
            cursor.execute(
                sql.SQL(
                    "UPDATE {0} SET {1} = o.becomes FROM {2} o WHERE {0}.{3} = {4}"
                    " AND {0}.{1}::text = o.{5}::text AND o.becomes <> o.{5}"
                ).format(
                    staged,
                    sql.Identifier(objects),
                    other.name,
                    sql.Identifier(column),
                    sql.Literal(ContentType.objects.get_for_model(other.model).pk),
                    sql.Identifier(other.key),
                )
            )


def _rewrite_objects(
    cursor: Any,
    staged: sql.Identifier,
    column: str,
    type_column: str,
    kind: str,
    others: list[Renumbered],
) -> None:
    numbers = _numbers(cursor, others)
    cursor.execute(
        sql.SQL("SELECT id, {} FROM {} ORDER BY id").format(sql.Identifier(type_column), staged)
    )
    update = sql.SQL("UPDATE {0} SET {1} = %s::{2} WHERE id = %s").format(
        staged, sql.Identifier(column), sql.SQL(kind)
    )
    for key, type_id in cursor.fetchall():
        model = ContentType.objects.get_for_id(type_id).model_class()
        # One at a time: all revisions at once need not fit into the memory.
        cursor.execute(
            sql.SQL("SELECT {}::text FROM {} WHERE id = %s").format(sql.Identifier(column), staged),
            [key],
        )
        content = json.loads(cursor.fetchone()[0])
        if model is not None and rewrite(content, model, numbers):
            cursor.execute(update, [json.dumps(content), key])


def rewrite(content: dict[str, Any], model: type[Model], numbers: Numbers) -> bool:
    """Put the new numbers into an object as modelcluster writes it, children included.

    Whether there were any to put.
    """
    is_changed = False
    for field in model._meta.concrete_fields:
        # A field that a later release added is not in an older revision.
        new = numbers.get(field.related_model or Model, {}).get(str(content.get(field.name)))
        if new is not None:
            content[field.name] = new
            is_changed = True
    for relation in get_all_child_relations(model):
        for child in content.get(relation.get_accessor_name()) or []:
            is_changed |= rewrite(child, relation.related_model, numbers)
    return is_changed


def _numbers(cursor: Any, others: list[Renumbered]) -> Numbers:
    numbers: Numbers = {}
    for other in others:
        cursor.execute(
            sql.SQL("SELECT {0}::text, becomes FROM {1} WHERE becomes <> {0}").format(
                sql.Identifier(other.key), other.name
            )
        )
        numbers[other.model] = dict(cursor.fetchall())
    return numbers
