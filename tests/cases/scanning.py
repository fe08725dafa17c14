"""Looking for a person in everything there is: every row of every table of every schema, what is
encrypted in it, what is sealed or packed, and the files.

Words are looked for as text. The number of an account is too short for that: it is looked for
where a column points to an account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection, models

from accounts.models import User
from common.fields import Encrypted

# Wherever a row stands: schema, table, key.
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Needles:
    """What is looked for of one person."""

    words: tuple[str, ...] = ()
    accounts: tuple[int, ...] = ()
    residents: tuple[UUID, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        return (*self.words, *map(str, self.residents))


@dataclass
class Row:
    """One row as it stands, and all that can be read in it."""

    place: Place
    stored: str
    texts: list[str] = field(default_factory=list)
    accounts: set[int] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)

    def holds(self, needles: Needles) -> bool:
        if self.accounts & set(needles.accounts):
            return True
        return any(word in text for text in (self.stored, *self.texts) for word in needles.texts)


def all_rows() -> Iterator[Row]:
    """Of every table of every schema of ours; read as the owner, from outside of any."""
    connection.set_schema_to_public()
    known = {model._meta.db_table: model for model in _models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
        )
        tables = cursor.fetchall()
    for schema, table in tables:
        yield from _rows_of(schema, table, known.get(table))


def found(needles: Needles, rows: Iterable[Row] | None = None) -> set[Place]:
    """Where one of the needles is."""
    return {row.place for row in (all_rows() if rows is None else rows) if row.holds(needles)}


def files_with(needles: Needles) -> list[Path]:
    """Uploaded or made files in which one of the needles is, or in whose name."""
    root = Path(settings.MEDIA_ROOT)
    paths = [path for path in root.rglob("*") if path.is_file()] if root.exists() else []
    return [
        path
        for path in paths
        if any(word.encode() in path.read_bytes() or word in str(path) for word in needles.texts)
    ]


def checksum(places: set[Place]) -> dict[Place, str]:
    """A digest of each of these rows, byte for byte as it stands."""
    return {
        row.place: hashlib.sha256(row.stored.encode()).hexdigest()
        for row in all_rows()
        if row.place in places
    }


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy and model._meta.managed:
            yield model


def _rows_of(schema: str, table: str, model: type[models.Model] | None) -> Iterator[Row]:
    key = model._meta.pk.column if model else None
    fields = list(model._meta.local_concrete_fields) if model else []
    pointing = [one.column for one in fields if _points_to_account(one)]
    opening = [one for one in fields if isinstance(one, Encrypted)]
    with connection.cursor() as cursor:
        name = f'"{schema}"."{table}"'
        chosen = f't."{key}"::text' if key else "t.ctid::text"
        cursor.execute(f"SELECT {chosen}, t::text, to_jsonb(t) FROM {name} t")
        for pk, stored, columns in cursor.fetchall():
            values = json.loads(columns) if isinstance(columns, str) else columns
            row = Row((schema, table, pk), stored, values=values)
            row.accounts = {values[one] for one in pointing if values[one] is not None}
            # Texts as they are, without the escapes of a row's text.
            row.texts = [str(value) for value in values.values() if value is not None]
            row.texts += [text for one in opening for text in _opened(one, values[one.column])]
            if model is Session:
                row.accounts |= _of_session(values, row)
            yield row


def _points_to_account(one: Any) -> bool:
    target = one.remote_field.model if one.remote_field else None
    return target is User or (one.model is User and one.primary_key)


def _opened(one: Any, value: str | None) -> Iterator[str]:
    read = one.from_db_value(value, None, connection)
    if read in (None, ""):
        return
    text = read if isinstance(read, str) else str(read)
    if isinstance(read, (dict, list)):
        text = json.dumps(read, ensure_ascii=False)
    yield text
    # The file of an export.
    try:
        yield base64.b64decode(text, validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return


def _of_session(values: dict[str, Any], row: Row) -> set[int]:
    held = Session(session_data=values["session_data"]).get_decoded()
    row.texts.append(json.dumps(held, ensure_ascii=False))
    return {int(held[SESSION_KEY])} if SESSION_KEY in held else set()
