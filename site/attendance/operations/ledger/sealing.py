"""Sealing what is new in the ledger."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db import transaction
from psycopg.types.multirange import Int8Multirange
from psycopg.types.range import Range

from attendance.models import Seal, Unsealed
from attendance.rules.sealing import (
    MARK,
    TABLES,
    VERSION,
    Words,
    as_said,
    content_of,
    digest_sql,
    ranges,
    sign,
)
from common import clock
from tenants.postgresql.connection import connection

# Rows of one seal at most: bounds memory where a great many are new at once.
MOST = 50_000
# Any number, the same in every process.
_LOCK = 7_408


def seal_new_rows(most: int = MOST) -> int:
    """Seal all rows that no seal covers yet, `most` in one seal; returns the number of seals.

    For the owner alone. Two at once take turns; one that is killed has done nothing.
    """
    made = 0
    while _seal(most) is not None:
        made += 1
    return made


@transaction.atomic
def _seal(most: int) -> Seal | None:
    """One seal over what waits, None where nothing does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        taken = _take(cursor, most)
        found: dict[str, list[tuple[int, bytes]]] = {}
        for table, ids in taken.items():
            fresh = _not_sealed(cursor, table, ids)
            found[table] = _digests(cursor, table, fresh)
            _put_back(table, fresh - {number for number, _digest in found[table]})
    if not any(found.values()):
        return None
    digests = [digest for table in TABLES for _id, digest in found.get(table, ())]
    last = Seal.objects.only("number", "digest").last()
    kid, seed = settings.LEDGER_SEAL_KEYS[0]
    rows = {table: ranges(number for number, _digest in found.get(table, ())) for table in TABLES}
    now = clock.now()
    content = content_of(digests)
    words = Words(
        number=1 if last is None else last.number + 1,
        at=as_said(now),
        version=VERSION,
        rows=rows,
        content=content.hex(),
        previous=b"".hex() if last is None else bytes(last.digest).hex(),
    )
    return Seal.objects.create(
        number=words.number,
        at=now,
        version=VERSION,
        records=_as_multirange(rows["record"]),
        amendments=_as_multirange(rows["amendment"]),
        content=content,
        marks=b"".join(digest[:MARK] for digest in digests),
        previous=bytes.fromhex(words.previous),
        digest=words.digest,
        kid=kid,
        signature=sign(seed, words.text),
    )


def _take(cursor: Any, most: int) -> dict[str, set[int]]:
    cursor.execute(
        "WITH first AS (SELECT id FROM attendance_unsealed ORDER BY id LIMIT %s)"
        " DELETE FROM attendance_unsealed u USING first WHERE u.id = first.id"
        ' RETURNING u."table", u."row"',
        [most],
    )
    taken: dict[str, set[int]] = defaultdict(set)
    for table, number in cursor.fetchall():
        taken[table].add(number)
    return taken


def _not_sealed(cursor: Any, table: str, ids: set[int]) -> set[int]:
    """Without those that a seal covers: a row that was restored under its number is queued
    again, and must be as it was sealed."""
    column = f"{table}s"
    cursor.execute(
        "SELECT id FROM unnest(%s::bigint[]) id WHERE NOT id <@ coalesce((SELECT range_agg(one)"
        f" FROM attendance_seal s, unnest(s.{column}) one WHERE s.{column} && %s), '{{}}')",
        [list(ids), _as_multirange(ranges(sorted(ids)))],
    )
    return {number for (number,) in cursor.fetchall()}


def _digests(cursor: Any, table: str, ids: set[int]) -> list[tuple[int, bytes]]:
    cursor.execute(
        f"SELECT r.id, {digest_sql(VERSION, table)} FROM {TABLES[table]} r"
        " WHERE r.id = ANY(%s) ORDER BY r.id",
        [list(ids)],
    )
    return [(number, bytes(digest)) for number, digest in cursor.fetchall()]


def _put_back(table: str, ids: set[int]) -> None:
    """A row that is gone before it was sealed was removed behind the database's back: that it
    was there stays written, for whoever verifies."""
    Unsealed.objects.bulk_create(Unsealed(table=table, row=number) for number in sorted(ids))


def _as_multirange(rows: list[tuple[int, int]]) -> Int8Multirange:
    return Int8Multirange(Range(first, last + 1) for first, last in rows)
