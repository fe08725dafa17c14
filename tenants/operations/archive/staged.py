"""Rows of an archive beside the shared tables they are for, while they get their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Model
from psycopg import sql

from common.refusal import Refused
from tenants.operations.archive.catalogue import Unique
from tenants.operations.archive.contents import WITHHELD, Table, names, references

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Renumbered:
    """Rows of a model that have another key here: a temporary table of `key` and `becomes`."""

    model: type[Model]
    name: sql.Identifier
    key: str


def copy_in(cursor: Any, target: sql.Identifier, columns: Sequence[str], file: Path) -> None:
    """Rows of a member into a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(target, names(columns))
    with file.open("rb") as source, cursor.copy(statement) as copy:
        while block := source.read(_BLOCK):
            copy.write(block)


def follow(
    cursor: Any, rows: sql.Identifier, model: type[Model] | None, others: Iterable[Renumbered]
) -> None:
    """Write the new keys of the rows that `rows`, of `model`, name by foreign keys."""
    by_model = {other.model: other for other in others}
    for column, target in references(model).items():
        if other := by_model.get(target):
            cursor.execute(
                sql.SQL(
                    "UPDATE {0} SET {1} = o.becomes FROM {2} o"
                    " WHERE {0}.{1} = o.{3} AND o.becomes <> o.{3}"
                ).format(rows, sql.Identifier(column), other.name, sql.Identifier(other.key))
            )


def _alike(
    one: str, other: str, columns: Iterable[str], form: str = "{}.{} IS NOT DISTINCT FROM {}.{}"
) -> sql.Composed:
    return sql.SQL(" AND ").join(
        sql.SQL(form).format(  # type: ignore[arg-type]  # our own words alone
            sql.SQL(one), sql.Identifier(column), sql.SQL(other), sql.Identifier(column)
        )
        for column in columns
    )


class Staged:
    """The archive's rows of one shared table, in a temporary table of their own.

    Beside each stand `becomes`, its key here, and `is_new`: whether it is still to be written.
    """

    def __init__(self, cursor: Any, table: Table, columns: Sequence[str], file: Path) -> None:
        self._cursor, self.table, self._columns = cursor, table, list(columns)
        (self.key,) = table.key
        self._values = [column for column in self._columns if column != self.key]
        self.name = sql.Identifier(f"archived_{table.name}")
        self.renumbered: list[Renumbered] = []
        self._run(
            "CREATE TEMP TABLE {rows} ON COMMIT DROP AS"
            " SELECT t.*, t.{key} AS becomes, true AS is_new FROM {table} t WITH NO DATA"
        )
        self._run("ALTER TABLE {rows} ALTER is_new SET DEFAULT true")
        copy_in(cursor, self.name, self._columns, file)

    def follow(self, others: Iterable[Renumbered]) -> None:
        """Write the new keys of the rows that these rows name."""
        follow(self._cursor, self.name, self.table.model, others)

    def require_own(self) -> None:
        """Nothing is written into a neighbour's rows, whatever the archive says.

        Raises `Refused("archive_damaged", why="not_its_own")`. After `follow`.
        """
        self._run("SELECT EXISTS (SELECT FROM {rows} WHERE ({where}) IS NOT TRUE)")
        if self._cursor.fetchone() != (False,):
            raise Refused("archive_damaged", why="not_its_own", member=self.table.member)

    def match(self, columns: Sequence[str]) -> None:
        """Rows that are alike in `columns` are the ones that are here; those stay as they are."""
        self._run(
            "UPDATE {rows} a SET is_new = false, becomes = m.becomes FROM"
            " (SELECT DISTINCT ON (a.{key}) a.{key}, t.{key} AS becomes FROM {rows} a"
            "  JOIN (SELECT * FROM {table} WHERE {where}) t ON {same}"
            "  WHERE a.is_new ORDER BY a.{key}, t.{key}) m"
            " WHERE a.{key} = m.{key}",
            same=_alike("a", "t", columns),
        )

    def match_whole(self) -> None:
        """Rows that are alike in everything but their number are the ones that are here."""
        self.match(self._values)

    def match_named_by(self, other: Staged, column: str) -> None:
        """What `other`'s row names here under the same key is what it names in the archive.

        For one-to-one: a resident keeps the account, whatever its address is by now.
        """
        self._run(
            "UPDATE {rows} a SET is_new = false, becomes = t.{column}"
            " FROM {other} o JOIN {other_table} t ON t.{other_key} = o.{other_key}"
            " WHERE a.is_new AND o.{column} = a.{key}",
            column=sql.Identifier(column),
            other=other.name,
            other_table=other.table.identifier,
            other_key=sql.Identifier(other.key),
        )

    def keep_keys(self) -> None:
        """Every row has its own key here, whatever is there under it."""
        self._run("UPDATE {rows} SET becomes = {key}")

    def number(self) -> None:
        """Give every new row its key: its own, or another number where that is taken.

        All numbers up to the archive's greatest are drawn first, so that none is given to a
        visitor later. Raises `Refused("rows_collide", table)` for keys that are no numbers.
        """
        self._cursor.execute(
            "SELECT pg_get_serial_sequence(%s, %s)",
            [self.table.identifier.as_string(None), self.key],
        )
        (sequence,) = self._cursor.fetchone()
        self._run(
            "UPDATE {rows} SET becomes = {key} WHERE is_new"
            " AND NOT EXISTS (SELECT FROM {table} t WHERE t.{key} = {rows}.{key})"
        )
        if sequence:
            self._run(
                "SELECT count(nextval({sequence})) FROM generate_series("
                " (SELECT last_value + 1 FROM {counter}),"
                " (SELECT max({key}) FROM {rows} WHERE is_new))",
                sequence=sql.Literal(sequence),
                counter=sql.SQL(sequence),
            )
            self._run(
                "UPDATE {rows} SET becomes = nextval({sequence}) WHERE becomes IS NULL",
                sequence=sql.Literal(sequence),
            )
        self._run("SELECT EXISTS (SELECT FROM {rows} WHERE becomes IS NULL)")
        if self._cursor.fetchone() != (False,):
            raise Refused("rows_collide", table=self.table.name)
        self._run("SELECT EXISTS (SELECT FROM {rows} WHERE becomes <> {key})")
        if self._cursor.fetchone() == (True,) and self.table.model:
            self.renumbered = [Renumbered(self.table.model, self.name, self.key)]

    def insert(self, *, or_update: bool = False) -> int:
        """Write the new rows; how many. With `or_update`, over what is there under the key."""
        withheld = WITHHELD.get(self.table.label, {})
        values = [
            sql.SQL("becomes") if column == self.key
            else sql.SQL(withheld[column]) if column in withheld
            else sql.Identifier(column)
            for column in self._columns
        ]  # fmt: skip
        updates = sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column)) for column in self._columns
        )
        conflict = sql.SQL(" ON CONFLICT ({}) DO UPDATE SET {}").format(
            sql.Identifier(self.key), updates
        )
        self._run(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
            " SELECT {values} FROM {rows} WHERE is_new{conflict}",
            columns=names(self._columns),
            values=sql.SQL(", ").join(values),
            conflict=conflict if or_update else sql.SQL(""),
        )
        return int(self._cursor.rowcount)

    def update(self) -> None:
        """Write the archive's values over the rows that are here already. After `match`."""
        values = sql.SQL(", ").join(
            sql.SQL("{0} = a.{0}").format(sql.Identifier(column)) for column in self._values
        )
        self._run(
            "UPDATE {table} t SET {values} FROM {rows} a"
            " WHERE NOT a.is_new AND t.{key} = a.becomes",
            values=values,
        )

    def give_way(
        self, indexes: Sequence[Unique], today: sql.Identifier, known_by: Iterable[Sequence[str]]
    ) -> int:
        """Rows that a unique index does not let stand beside a younger one that is here get the
        values they had before the restoration, as which they did; how many.

        Somebody has left and registered again since: both registrations would be active. `today`
        are the rows before the restoration. After `match`.
        """
        values = sql.SQL(", ").join(
            sql.SQL("{0} = d.{0}").format(sql.Identifier(column)) for column in self._values
        )
        same = sql.SQL(" OR ").join(_alike("a", "d", columns) for columns in known_by)
        given = 0
        for index in indexes:
            self._run(
                "UPDATE {rows} a SET {values} FROM {today} d WHERE ({same}) AND a.{key} IN"
                " (SELECT x.{key} FROM (SELECT * FROM {rows} WHERE {predicate}) x"
                "  JOIN (SELECT * FROM {table} WHERE ({where}) AND {predicate}) t ON {collide}"
                "  WHERE NOT EXISTS (SELECT FROM {rows} r WHERE r.becomes = t.{key}))",
                values=values,
                today=today,
                same=same,
                predicate=index.predicate,
                collide=_alike("x", "t", index.columns, "{}.{} = {}.{}"),
            )
            given += int(self._cursor.rowcount)
        return given

    def leave_out(self, condition: sql.Composable) -> int:
        """Rows that are not written after all; how many."""
        self._run("DELETE FROM {rows} WHERE is_new AND {condition}", condition=condition)
        return int(self._cursor.rowcount)

    def unknown(self) -> int:
        """How many rows are here that the archive does not know. After `match_whole`."""
        self._run(
            "SELECT count(*) FROM {table} t WHERE ({where}) AND NOT EXISTS"
            " (SELECT FROM {rows} WHERE NOT is_new AND becomes = t.{key})"
        )
        return int(self._cursor.fetchone()[0])

    def _run(self, statement: str, **parts: sql.Composable) -> None:
        self._cursor.execute(
            sql.SQL(statement).format(  # type: ignore[arg-type]  # our own words alone
                rows=self.name,
                table=self.table.identifier,
                where=self.table.where,
                key=sql.Identifier(self.key),
                **parts,
            )
        )
