"""Putting encrypted values under the first of `FIELD_KEYS`, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, models, transaction

from common.encryption import current_prefix, decrypt, encrypt
from common.fields import encrypted_fields

BATCH = 500


def renew(
    model: type[models.Model], read: Callable[[str, str], str] = decrypt, batch: int = BATCH
) -> Iterator[int]:
    """Rewrite the values of `model` that are not under the first key; yields rows done so far.

    Each batch is a transaction, and what is done no longer matches: interrupted, it goes on where
    it stopped. Rows are locked, so nobody's change made meanwhile is lost. `read` turns a stored
    value and its place into its text: `decrypt`, or for values still in clear the value itself.
    """
    done = 0
    while rows := _renew_batch(model, read, batch):
        done += rows
        yield done


def _renew_batch(model: type[models.Model], read: Callable[[str, str], str], batch: int) -> int:
    fields = encrypted_fields(model)
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    columns = [quote(str(field.column)) for field in fields]
    prefix = current_prefix()
    # Names of our own models; values are parameters.
    select = (
        f"SELECT {key}, {', '.join(columns)} FROM {table} WHERE "  # noqa: S608
        + " OR ".join(f"({column} <> '' AND NOT starts_with({column}, %s))" for column in columns)
        + f" ORDER BY {key} LIMIT %s FOR UPDATE"
    )
    update = f"UPDATE {table} SET {', '.join(f'{c} = %s' for c in columns)} WHERE {key} = %s"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(select, [*([prefix] * len(columns)), batch])
        rows = cursor.fetchall()
        cursor.executemany(update, [_renewed(row, fields, prefix, read) for row in rows])
    return len(rows)


def _renewed(
    row: Any, fields: list[Any], prefix: str, read: Callable[[str, str], str]
) -> list[Any]:
    pk, *values = row
    written = [
        encrypt(read(value, field.place), field.place)
        if value and not value.startswith(prefix)
        else value
        for value, field in zip(values, fields, strict=True)
    ]
    return [*written, pk]


def encrypt_in_clear(model: type[models.Model]) -> None:
    """For migrations that turn a field into an encrypted one."""
    for _done in renew(model, read=lambda value, place: value):
        pass
