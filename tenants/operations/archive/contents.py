"""Which rows are a municipality's: found from the models, so that a new table comes along."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, Model
from psycopg import sql

from tenants.models import Municipality
from tenants.postgresql import ddl

OUTBOX = "notifications.OutboxMessage"
# What a row of another table may name without its coming along, because every database that
# was prepared has it: found again by its code or by its natural key.
_GIVEN = {"contenttypes.ContentType", "tenants.LocalGovernment", "tenants.Municipality"}
# Of one browser and one minute or day. A restored code or form state would be of no use to
# anybody but a thief.
_TRANSIENT = {"accounts.Handoff", "wagtailadmin.EditingSession", "wagtailadmin.FormState"}
# What opens an admin host stays here: whoever restores enrols anew, as with passwords.
_TRANSIENT |= {"tenants.SecondFactor"}
# Of the account and its sign-ins, wherever they are: no municipality's to take along.
_TRANSIENT |= {"accounts.OpenSession", "accounts.SecurityEvent"}
# Says who entered it, but is nobody's own: other municipalities work with it too. (A consent that
# somebody has withdrawn since must not come back with a municipality's rows of yesterday.)
_EVERYBODYS = {"organisations.Organisation", "identity.GuardianConsent", "privacy.Consent"}
# A claim code is good for an account of its own database alone.
_TRANSIENT |= {"accounts.ClaimCode"}
PERSONAL = {"accounts.User", "accounts.Resident"}
# Never written to an archive, never believed of one: nobody becomes somebody by a file.
WITHHELD: dict[str, dict[str, str]] = {
    "accounts.User": {
        # Django's sign of an unusable password, and something to tell two of them apart.
        "password": "'!' || replace(gen_random_uuid()::text, '-', '')",
        "is_superuser": "false",
        "last_login": "NULL",
    },
    # Nor does a file say that two are one person: perhaps the other one is not there.
    "accounts.Resident": {"merged_into_id": "NULL"},
    # Perhaps a municipality that the other database does not have.
    "organisations.Organisation": {"entered_by_id": "NULL"},
}

_COLUMNS = """
SELECT c.relname, a.attname, coalesce(a.attnum = ANY(i.indkey), false)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND c.relname = ANY(%s)
  AND a.attgenerated = ''
ORDER BY c.relname, a.attnum
"""


@dataclass(frozen=True)
class Table:
    """Rows of one table: where it is, its columns and key, and which of its rows."""

    part: str
    schema: str
    name: str
    model: type[Model] | None
    columns: tuple[str, ...]
    key: tuple[str, ...]
    where: sql.Composable

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"{self.part}/{self.name}.copy"

    @property
    def label(self) -> str:
        return self.model._meta.label if self.model else ""

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    def selected(self, columns: Sequence[str]) -> sql.Composed:
        """A SELECT of these columns of its rows."""
        return sql.SQL("SELECT {} FROM {} WHERE {}").format(
            names(columns), self.identifier, self.where
        )


def names(columns: Iterable[str]) -> sql.Composed:
    """Columns with commas between."""
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)


def references(model: type[Model] | None) -> dict[str, type[Model]]:
    """Columns that name rows of other tables, by primary key, and the models of those."""
    fields: list[Field] = list(model._meta.local_concrete_fields) if model else []
    return {
        str(field.column): field.related_model
        for field in fields
        if field.is_relation and isinstance(field.related_model, type)
    }


def schema_tables(cursor: Any, schema: str) -> list[Table]:
    """Every table of a municipality's schema, those without a model too."""
    models = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if _app(model) in settings.TENANT_APPS
    }
    tables = ddl.tables(cursor, schema)
    return [
        Table(
            "schema", schema, name, models.get(name), columns, key,
            sql.SQL("false" if _is_transient(models.get(name)) else "true"),
        )
        for name, (columns, key) in _shapes(cursor, schema, tables).items()
    ]  # fmt: skip


def own_tables(cursor: Any, code: str) -> list[Table]:
    """A municipality's rows of the shared tables; what is referred to before what refers.

    A model is its own if it has a foreign key to `Municipality` or a `municipality_code`, or
    refers to a model that is. Raises `LookupError` if two foreign keys name municipalities:
    somebody has to say then whose the row is.
    """
    found: dict[type[Model], sql.Composable] = {Municipality: _equals("local_government_id", code)}
    shared = [model for model in apps.get_models() if _is_shared(model)]
    for model in shared:
        columns = [c for c, target in references(model).items() if target is Municipality]
        if len(columns) > 1:
            raise LookupError(f"{model._meta.label} names two municipalities")
        if not columns and any(f.name == "municipality_code" for f in model._meta.local_fields):
            columns = ["municipality_code"]
        if columns and not _is_transient(model) and model._meta.label not in _EVERYBODYS:
            found[model] = _equals(columns[0], code)
    while children := _children(found, shared):
        found.update(children)
    return _tables(cursor, "shared", found)


def _children(
    found: dict[type[Model], sql.Composable], shared: list[type[Model]]
) -> dict[type[Model], sql.Composable]:
    children: dict[type[Model], sql.Composable] = {}
    for model in shared:
        if model in found:
            continue
        # What a row may name or not says nothing of the rows that don't: mandatory ones first.
        optional = {f.column for f in model._meta.local_concrete_fields if f.null}
        named = sorted(references(model).items(), key=lambda item: item[0] in optional)
        for column, target in named:
            if target not in found or target is Municipality:
                continue
            children[model] = sql.SQL("{} IN (SELECT {} FROM {} WHERE {})").format(
                sql.Identifier(column),
                sql.Identifier(str(target._meta.pk.column)),
                sql.Identifier("public", target._meta.db_table),
                found[target],
            )
            break
    return children


def referred_tables(cursor: Any, tables: Sequence[Table]) -> list[Table]:
    """Rows of shared tables that `tables` name and that are nobody's own, in the same order."""
    known = {table.model for table in tables}
    models: set[type[Model]] = set()
    reached = [table.model for table in tables]
    while reached:
        new = {
            target
            for target in references(reached.pop()).values()
            if _is_shared(target) and target not in known and target._meta.label not in _GIVEN
        } - models
        models |= new
        reached.extend(new)
    # Who refers is asked first, so that those it names are known when they are asked.
    askers = [(table.model, table.selected) for table in tables]
    found: dict[type[Model], sql.Composable] = {}
    for model in reversed(_order(models)):
        naming = [
            selected([column])
            for asker, selected in askers
            for column, target in references(asker).items()
            if target is model
        ]
        found[model] = sql.SQL("{} IN ({})").format(
            sql.Identifier(str(model._meta.pk.column)), sql.SQL(" UNION ").join(naming)
        )
        (table,) = _tables(cursor, "referred", {model: found[model]})
        askers.append((model, table.selected))
    return _tables(cursor, "referred", found)


def _tables(cursor: Any, part: str, found: dict[type[Model], sql.Composable]) -> list[Table]:
    shapes = _shapes(cursor, "public", [model._meta.db_table for model in found])
    return [
        Table(
            "people" if model._meta.label in PERSONAL else part,
            "public",
            model._meta.db_table,
            model,
            *shapes[model._meta.db_table],
            found[model],
        )
        for model in _order(found)
    ]


def _shapes(
    cursor: Any, schema: str, tables: list[str]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Columns and key of tables, by name."""
    cursor.execute(_COLUMNS, [schema, tables])
    rows = cursor.fetchall()
    return {
        name: (
            tuple(column for table, column, _is_key in rows if table == name),
            tuple(column for table, column, is_key in rows if table == name and is_key),
        )
        for name in tables
    }


def _order(models: Iterable[type[Model]]) -> list[type[Model]]:
    """What is referred to before what refers."""
    among = sorted(models, key=lambda model: model._meta.label)
    graph = {model: set(references(model).values()) & set(among) - {model} for model in among}
    return list(TopologicalSorter(graph).static_order())


def _equals(column: str, code: str) -> sql.Composed:
    return sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(code))


def _app(model: type[Model]) -> str:
    return model._meta.app_config.name


def _is_shared(model: type[Model]) -> bool:
    """Whether there is one table of it, in the shared schema."""
    app = _app(model)
    return app in settings.SHARED_APPS and app not in settings.TENANT_APPS


def _is_transient(model: type[Model] | None) -> bool:
    return model is not None and model._meta.label in _TRANSIENT
