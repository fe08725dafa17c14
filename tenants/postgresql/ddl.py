"""The statements that make a schema, read from the catalogue.

Not `pg_dump`: a machine that runs the platform may have none of the server's version, and its
output leaves identity to a later ALTER and puts CHECKs inside CREATE TABLE, both of which
Citus refuses when it shards by schema. What a municipality's schema holds is little: tables
with identity columns, constraints, indexes. Anything else is refused rather than left out.
"""

from __future__ import annotations

from typing import Any

# What `pg_class.relkind` may be: table, index, sequence (of an identity column).
_KNOWN_KINDS = {"r", "i", "S"}
# A not-null constraint (n, PostgreSQL 18 on) is part of its column.
_CONSTRAINTS = {"p": 0, "u": 0, "c": 1, "f": 2}

_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, n.conname,
       pg_get_expr(d.adbin, d.adrelid), a.attidentity, s.relname,
       CASE WHEN a.attcollation <> t.typcollation
            THEN quote_ident(cn.nspname) || '.' || quote_ident(co.collname) END
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_constraint n ON n.conrelid = c.oid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
LEFT JOIN pg_class s ON a.attidentity <> ''
     AND s.oid = pg_get_serial_sequence(quote_ident(%(schema)s) || '.' || quote_ident(c.relname),
                                        a.attname)::regclass
WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r' AND NOT c.relname = ANY(%(not)s)
ORDER BY c.relname, a.attnum
"""
_CONSTRAINT_ROWS = """
SELECT c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = %(schema)s::regnamespace AND k.contype <> 'n'
  AND NOT c.relname = ANY(%(not)s)
ORDER BY c.relname, k.conname
"""
_INDEX_ROWS = """
SELECT pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class n ON n.oid = i.indexrelid
WHERE c.relnamespace = %(schema)s::regnamespace AND NOT c.relname = ANY(%(not)s)
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
                  AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname, n.relname
"""
_STRANGERS = """
SELECT concat_ws(' ', c.relkind, c.relname) FROM pg_class c
WHERE c.relnamespace = %(schema)s::regnamespace AND NOT c.relkind = ANY(%(kinds)s)
UNION ALL
SELECT 'trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'function ' || p.proname FROM pg_proc p WHERE p.pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'type ' || t.typname FROM pg_type t
WHERE t.typnamespace = %(schema)s::regnamespace AND t.typtype IN ('e', 'd', 'r')
UNION ALL
SELECT 'constraint ' || k.conname FROM pg_constraint k
WHERE k.connamespace = %(schema)s::regnamespace AND NOT k.contype = ANY('{p,u,c,f,n}')
"""


class CannotBeReplayed(Exception):
    """The schema holds something these statements would leave out."""


def tables(cursor: Any, schema: str, without: tuple[str, ...] = ()) -> list[str]:
    """The schema's tables by name, `without` some."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace"
        " AND relkind = 'r' AND NOT relname = ANY(%s) ORDER BY relname",
        [schema, list(without)],
    )
    return [name for (name,) in cursor.fetchall()]


def read(cursor: Any, schema: str, without: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    """Statements that make the schema's tables, and those that make constraints and indexes.

    Between the two its rows are filled in. Every name of the schema's own is written with the
    schema in front, nothing else is; so another schema's name put in its place makes the same
    there. Must run with an empty search path. Raises `CannotBeReplayed`.
    """
    what = {"schema": schema, "not": list(without)}
    cursor.execute(_STRANGERS, {**what, "kinds": list(_KNOWN_KINDS)})
    if strangers := [name for (name,) in cursor.fetchall()]:
        raise CannotBeReplayed(", ".join(strangers))
    return _table_statements(cursor, schema, what), _later_statements(cursor, schema, what)


def _table_statements(cursor: Any, schema: str, what: dict[str, Any]) -> list[str]:
    cursor.execute(_COLUMNS, what)
    columns: dict[str, list[str]] = {}
    for (
        table, column, kind, not_null, not_null_name, default, identity, sequence, collation,
    ) in cursor.fetchall():  # fmt: skip
        parts = [_quoted(column), kind]
        if collation:
            parts.append(f"COLLATE {collation}")
        if identity:
            always = "ALWAYS" if identity == "a" else "BY DEFAULT"
            name = f"{schema}.{_quoted(sequence)}"
            parts.append(f"GENERATED {always} AS IDENTITY (SEQUENCE NAME {name})")
        elif default is not None:
            if "nextval(" in default:
                raise CannotBeReplayed(f"{table}.{column} takes its number from a loose sequence")
            parts.append(f"DEFAULT {default}")
        if not_null_name:  # PostgreSQL 18 on; it keeps the name of a table since renamed
            parts.append(f"CONSTRAINT {_quoted(not_null_name)} NOT NULL")
        elif not_null:
            parts.append("NOT NULL")
        columns.setdefault(table, []).append(" ".join(parts))
    return [
        f"CREATE TABLE {schema}.{_quoted(table)} (\n  " + ",\n  ".join(lines) + "\n)"
        for table, lines in columns.items()
    ]


def _later_statements(cursor: Any, schema: str, what: dict[str, Any]) -> list[str]:
    cursor.execute(_CONSTRAINT_ROWS, what)
    # Foreign keys last: what they refer to must be unique by then.
    rows = sorted(cursor.fetchall(), key=lambda row: _CONSTRAINTS[row[2]])
    constraints = [
        f"ALTER TABLE {schema}.{_quoted(table)} ADD CONSTRAINT {_quoted(name)} {definition}"
        for table, name, _kind, definition in rows
    ]
    cursor.execute(_INDEX_ROWS, what)
    return [*(definition for (definition,) in cursor.fetchall()), *constraints]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
