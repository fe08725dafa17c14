"""Bringing a municipality back from one file, into its own database or another one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import DataError, IntegrityError, transaction
from psycopg import sql

from common.refusal import Refused
from tenants.context import public_context
from tenants.models import LocalGovernment, Municipality, MunicipalityChange
from tenants.operations.archive import media, schemas
from tenants.operations.archive.catalogue import Change, known_by, named, refusing, uniques
from tenants.operations.archive.container import MEDIA, Manifest, unpack
from tenants.operations.archive.contents import (
    OUTBOX,
    Table,
    own_tables,
    references,
    referred_tables,
    schema_tables,
)
from tenants.operations.archive.export import TEXT_FORM
from tenants.operations.archive.release import (
    content_types,
    refuse_difference,
    require_this_release,
)
from tenants.operations.archive.staged import Renumbered, Staged
from tenants.operations.template import Template, ensure_template, replay
from tenants.operations.wall import let_into_schema
from tenants.postgresql.connection import connection
from tenants.signals import municipality_restored

# A visitor's long transaction ends the restoration, not the other way round.
_LOCK_TIMEOUT = "1min"
# By what a row that is nobody's own is known again in another database, tried in this order.
# Not here: by everything but its number.
_ALIKE: dict[str, tuple[tuple[str, ...], ...]] = {
    "accounts.Resident": (("id",),),
    # The number alone may be another person's; an address may have changed hands since.
    "accounts.User": (("id", "date_joined"), ("email",)),
    "organisations.Organisation": (("id", "created_at"), ("created_at", "name")),
}


@dataclass
class Restored:
    """What came of it, in numbers of rows and files; no names."""

    code: str
    name: str
    moment: str
    schema_rows: int = 0
    shared_rows: int = 0
    media: int = 0
    people_made: int = 0
    # Rows by table that the archive does not know and that stay: append-only ones, and what
    # those name.
    kept: dict[str, int] = field(default_factory=dict)
    # Rows by table that the archive knows and that are as today: see `Staged.give_way`.
    as_today: dict[str, int] = field(default_factory=dict)
    # Waiting messages of the archive that are not sent: see `_restore_outbox`.
    messages_left_out: int = 0


def restore_municipality(path: Path, *, replace: bool = False) -> Restored:
    """Bring back what `export_municipality` wrote, all or nothing; nothing of any neighbour.

    With `replace` in the place of what is there. Raises `Refused`:

    - `archive_damaged` (why, member), `archive_of_another_format`;
    - `archive_of_another_release` (only_in_archive, only_here);
    - `municipality_exists`, `no_such_local_government`, `busy`;
    - `append_only_rows_differ`, `rows_collide` (table), `rows_do_not_fit` (table, constraint).

    Not inside of a transaction.
    """
    with public_context(), media.stage() as folder:
        manifest = unpack(path, folder)
        template = ensure_template()
        with (
            media.alone(manifest.code, manifest.schema),
            media.exchanging(manifest.schema, folder / MEDIA) as exchange,
            _without_values(),
            transaction.atomic(durable=True),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'; {TEXT_FORM}")
            # Triggers that write down what happens have nothing to write: it happened before.
            cursor.execute("SET LOCAL furusato.restoring = 'on'")
            require_this_release(cursor, manifest)
            status = _status(cursor, manifest)
            if status is not None and not replace:
                raise Refused("municipality_exists", code=manifest.code, name=manifest.name)
            restored = _Restoration(cursor, manifest, folder, status is not None).run(template)
            _write_history(manifest, status)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            municipality_restored.send(
                sender=Municipality, municipality=Municipality.objects.get(pk=manifest.code)
            )
            exchange.take_place(cursor)
        return restored


@contextmanager
def _without_values() -> Iterator[None]:
    """PostgreSQL's words about a row that does not fit quote it; ours name table and rule."""
    try:
        yield
    except (IntegrityError, DataError, psycopg.IntegrityError, psycopg.DataError) as error:
        cause = error if isinstance(error, psycopg.Error) else error.__cause__
        told = getattr(cause, "diag", None)
        raise Refused(
            "rows_do_not_fit",
            table=getattr(told, "table_name", None),
            constraint=getattr(told, "constraint_name", None),
        ) from None


def _status(cursor: Any, manifest: Manifest) -> str | None:
    """The municipality's status, None where it is not; "" if there is but a schema.

    Nobody signs up or registers with it from here on.
    """
    if not LocalGovernment.objects.filter(pk=manifest.code).exists():
        raise Refused("no_such_local_government", code=manifest.code)
    # A foreign key to a row takes a lock on it that this one does not go together with.
    cursor.execute(
        "SELECT status FROM public.tenants_municipality WHERE local_government_id = %s FOR UPDATE",
        [manifest.code],
    )
    if row := cursor.fetchone():
        return str(row[0])
    cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [manifest.schema])
    return "" if cursor.fetchone()[0] else None


def _write_history(manifest: Manifest, before: str | None) -> None:
    """The status is the archive's again; the history, which is only added to, says why."""
    now = Municipality.objects.get(pk=manifest.code).status
    if before and before != now:
        MunicipalityChange.objects.create(
            municipality_id=manifest.code,
            from_status=before,
            to_status=now,
            reason=f"Restored as of {manifest.moment}",
        )


class _Restoration:
    """One run, inside of its transaction."""

    def __init__(self, cursor: Any, manifest: Manifest, folder: Path, exists: bool) -> None:
        self._cursor, self._manifest, self._folder = cursor, manifest, folder
        self._exists = exists
        self._renumbered: list[Renumbered] = []
        # By table of which rows stay: its rows before the restoration.
        self._today: dict[str, sql.Identifier] = {}
        self._restored = Restored(
            manifest.code, manifest.name, manifest.moment, media=len(manifest.media)
        )

    def run(self, template: Template) -> Restored:
        cursor, schema = self._cursor, self._manifest.schema
        # Without the template's rows: the archive has those too, as they have become since.
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        replay(dataclasses.replace(template, filled=""), schema)
        let_into_schema(schema)
        own = own_tables(cursor, self._manifest.code)
        inside = schema_tables(cursor, schema)
        referred = referred_tables(cursor, [*inside, *own])
        self._require_these_tables([*inside, *own, *referred])
        self._translate_content_types()
        self._restore_referred(referred)
        self._restore_own(own)
        self._restored.schema_rows = schemas.fill(
            cursor, inside, self._manifest, self._folder, self._renumbered
        )
        return self._restored

    def _require_these_tables(self, tables: Sequence[Table]) -> None:
        here = {f"{table.member}: {column}" for table in tables for column in table.columns}
        there = {
            f"{name}: {column}"
            for name, member in self._manifest.members.items()
            for column in member.get("columns", ())
        }
        refuse_difference(there - here, here - there)

    def _translate_content_types(self) -> None:
        """Their ids are each database's own; (app, model) is the same everywhere."""
        here = {tuple(key): int(number) for number, key in content_types(self._cursor).items()}
        pairs = []
        for number, key in self._manifest.content_types.items():
            if tuple(key) not in here:
                made = ContentType.objects.create(app_label=key[0], model=key[1])
                here[made.app_label, made.model] = made.pk
            pairs.append((int(number), here[tuple(key)]))
        if all(number == becomes for number, becomes in pairs):
            return
        name = sql.Identifier("archived_django_content_type")
        self._cursor.execute(
            sql.SQL("CREATE TEMP TABLE {} (id integer, becomes integer) ON COMMIT DROP").format(
                name
            )
        )
        self._cursor.executemany(sql.SQL("INSERT INTO {} VALUES (%s, %s)").format(name), pairs)
        self._renumbered.append(Renumbered(ContentType, name, "id"))

    def _restore_referred(self, tables: Sequence[Table]) -> None:
        """Accounts, residents, organisations: those that are missing; no other is touched."""
        anywhere = sql.SQL("true")
        staged = [self._staged(dataclasses.replace(one, where=anywhere)) for one in tables]
        for one in staged:
            one.follow(self._renumbered)
            alike = _ALIKE.get(one.table.label)
            if alike is None:
                one.match_whole()
            for number, columns in enumerate(alike or ()):
                if number:  # after the number itself, before what may have changed
                    self._match_named(one, staged)
                one.match(columns)
            one.number()
            self._renumbered += one.renumbered
            made = one.insert()
            self._restored.people_made += made if one.table.part == "people" else 0

    @staticmethod
    def _match_named(one: Staged, staged: Sequence[Staged]) -> None:
        for other in staged:
            fields = other.table.model._meta.local_concrete_fields if other.table.model else []
            for column in fields:
                if column.one_to_one and column.related_model is one.table.model:
                    one.match_named_by(other, str(column.column))

    def _restore_own(self, tables: Sequence[Table]) -> None:
        append_only = refusing(self._cursor, Change.DELETE)
        for table in reversed(tables):
            if (
                table.model is not Municipality
                and table.label != OUTBOX
                and table.name not in append_only
            ):
                self._clear(table)
        # The outbox last: whether its messages hold depends on what became of the others.
        for table in sorted(tables, key=lambda table: table.label == OUTBOX):
            staged = self._staged(table)
            staged.follow(self._renumbered)
            staged.require_own()
            if table.model is Municipality:
                self._require_itself(staged)
                staged.keep_keys()
                staged.insert(or_update=True)
            elif table.label == OUTBOX:
                self._restore_outbox(staged)
            elif table.name in append_only:
                self._restore_append_only(staged)
            else:
                self._turn_back(staged)
            self._renumbered += staged.renumbered
            self._restored.shared_rows += self._manifest.members[table.member]["rows"]

    def _clear(self, table: Table) -> None:
        """Delete its rows, but those that a row which stays names.

        What refers is cleared before what is referred to: whatever names a row by now stays
        itself, be it append-only or named by such a row in its turn.
        """
        is_named = named(self._cursor, table)
        parts = {"table": table.identifier, "where": table.where, "named": is_named}
        self._cursor.execute(
            sql.SQL("SELECT EXISTS (SELECT FROM {table} t WHERE ({where}) AND ({named}))").format(
                **parts
            )
        )
        if self._cursor.fetchone() == (True,):
            self._today[table.name] = sql.Identifier(f"today_{table.name}")
            self._cursor.execute(
                sql.SQL("CREATE TEMP TABLE {} ON COMMIT DROP AS SELECT * FROM {} WHERE {}").format(
                    self._today[table.name], table.identifier, table.where
                )
            )
        delete = sql.SQL("DELETE FROM {table} t WHERE ({where}) AND NOT ({named})").format(**parts)
        self._cursor.execute(delete)
        # Rows may name rows of their own table: each round frees the next ones.
        while self._cursor.rowcount and table.model in references(table.model).values():
            self._cursor.execute(delete)

    def _turn_back(self, staged: Staged) -> None:
        """The archive's rows, also over those that had to stay; younger ones stay as they are."""
        table, today = staged.table, self._today.get(staged.table.name)
        if today is not None:
            indexes = uniques(self._cursor, table)
            keys = known_by(table, indexes)
            for columns in keys:
                staged.match(columns)
            self._count_kept(staged)
            if gave_way := staged.give_way(indexes, today, keys):
                self._restored.as_today[table.name] = gave_way
            if table.name not in refusing(self._cursor, Change.UPDATE):
                staged.update()
        staged.number()
        staged.insert()

    def _count_kept(self, staged: Staged) -> None:
        if unknown := staged.unknown():
            self._restored.kept[staged.table.name] = unknown

    def _require_itself(self, staged: Staged) -> None:
        member = staged.table.member
        if self._manifest.members[member]["rows"] != 1:
            raise Refused("archive_damaged", why="municipality", member=member)

    def _restore_append_only(self, staged: Staged) -> None:
        """Add what is missing. The database refuses to change or remove the rest, rightly."""
        staged.match_whole()
        self._count_kept(staged)
        staged.number()
        try:
            staged.insert()
        except IntegrityError:
            raise Refused("append_only_rows_differ", table=staged.table.name) from None

    def _restore_outbox(self, staged: Staged) -> None:
        """Nothing is sent twice, and nothing of what has been undone.

        In the place of a municipality: what waits and is younger than the archive tells of
        things that are no more; all else stays as it is, and nothing of the archive is put
        beside it. Elsewhere: a waiting message may name rows by number inside of its content,
        so it is left out if any row of the municipality has got another one.
        """
        if self._exists:
            self._cursor.execute(
                sql.SQL(
                    "DELETE FROM {} WHERE {} AND delivered_at IS NULL AND created_at > %s"
                ).format(staged.table.identifier, staged.table.where),
                [self._manifest.moment],
            )
            return
        if any(one.model is not ContentType for one in self._renumbered):
            self._restored.messages_left_out = staged.leave_out(sql.SQL("delivered_at IS NULL"))
        staged.number()
        staged.insert()

    def _staged(self, table: Table) -> Staged:
        columns = self._manifest.members[table.member]["columns"]
        return Staged(self._cursor, table, columns, self._folder / table.member)
