"""What the database itself says of the shared tables: triggers, foreign keys, unique indexes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from psycopg import sql

from tenants.operations.archive.contents import Table


class Change(IntEnum):
    """Bits of `pg_trigger.tgtype`."""

    DELETE = 8
    UPDATE = 16


@dataclass(frozen=True)
class Unique:
    """A unique index over columns, for the rows that `predicate` holds for.

    `is_whole`: every row is in it.
    """

    columns: tuple[str, ...]
    predicate: sql.SQL
    is_whole: bool


def refusing(cursor: Any, change: Change) -> set[str]:
    """Shared tables whose rows the database refuses to change: those with such a trigger."""
    cursor.execute(
        "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal"
        # Bits: for each row, before.
        " AND t.tgtype::integer & %(bits)s = %(bits)s",
        {"bits": 1 | 2 | change},
    )
    return {name for (name,) in cursor.fetchall()}


def named(cursor: Any, table: Table) -> sql.Composable:
    """The condition that a row of any shared table names this row, `t`; not the row itself."""
    cursor.execute(
        "SELECT n.relname, na.attname, ta.attname FROM pg_constraint f"
        " JOIN pg_class n ON n.oid = f.conrelid"
        " JOIN pg_attribute na ON na.attrelid = f.conrelid AND na.attnum = f.conkey[1]"
        " JOIN pg_attribute ta ON ta.attrelid = f.confrelid AND ta.attnum = f.confkey[1]"
        " WHERE f.contype = 'f' AND f.confrelid = %s::regclass"
        " AND f.connamespace = 'public'::regnamespace ORDER BY f.conname",
        [table.identifier.as_string(None)],
    )
    conditions = [
        sql.SQL("EXISTS (SELECT FROM {} n WHERE n.{} = t.{}{})").format(
            sql.Identifier("public", name),
            sql.Identifier(column),
            sql.Identifier(target),
            sql.SQL(" AND n.ctid <> t.ctid" if name == table.name else ""),
        )
        for name, column, target in cursor.fetchall()
    ]
    return sql.SQL(" OR ").join(conditions) if conditions else sql.SQL("false")


def uniques(cursor: Any, table: Table) -> list[Unique]:
    """Its unique indexes but that of the primary key; those of fewest columns first."""
    cursor.execute(
        "SELECT array_agg(a.attname::text ORDER BY a.attnum),"
        " coalesce(pg_get_expr(i.indpred, i.indrelid), 'true'),"
        " i.indpred IS NULL AND bool_and(a.attnotnull)"
        " FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
        " WHERE i.indrelid = %s::regclass AND i.indisunique AND NOT i.indisprimary"
        " AND i.indexprs IS NULL"
        " GROUP BY c.relname, i.indpred, i.indrelid ORDER BY count(*), c.relname",
        [table.identifier.as_string(None)],
    )
    return [
        Unique(tuple(columns), sql.SQL(predicate), whole)
        for columns, predicate, whole in cursor.fetchall()
    ]


def known_by(table: Table, indexes: list[Unique]) -> list[tuple[str, ...]]:
    """By which columns a row is known again, here and in an archive; any of these will do.

    By a unique key of its own, with its number or with whom and what it always names: in a
    database that the municipality was moved to, its number may be another row's; and after a
    restoration a key may have been given a second time, to somebody else.
    """
    fields = table.model._meta.local_concrete_fields if table.model else []
    names = [str(one.column) for one in fields if one.is_relation and not one.null]
    unique = next((one.columns for one in indexes if one.is_whole), None)
    if unique is None:
        return [tuple(dict.fromkeys([*table.key, *names]))]
    return [tuple(dict.fromkeys([*unique, *more])) for more in (table.key, names)]
