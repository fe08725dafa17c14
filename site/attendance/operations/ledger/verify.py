"""Whether the ledger is as it was sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from attendance.models import Seal
from attendance.queries import seal_keys
from attendance.rules.sealing import COLUMNS, MARK, TABLES, digest_sql, is_signed
from tenants.postgresql.connection import connection

# Of one kind of finding; an emptied table need not be told row by row.
MOST_NAMED = 100


@dataclass(frozen=True)
class Verified:
    """What was looked at, and a sentence for each thing that is not as it was sealed."""

    seals: int
    rows: int
    findings: tuple[str, ...]


def verify_ledger(published: Iterable[Mapping[str, Any]] = ()) -> Verified:
    """Compare the ledger with its seals, and these with seals that were published earlier.

    `published`: what `/ledger/seals.json` lists as `seals` (number, document, signature, key).
    Without one a chain that was cut off at its end looks whole. One moment for all: what is
    written or sealed meanwhile disturbs nothing. For the owner; not inside of a transaction.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        seals, findings = _chain(published)
        findings += _not_as_sealed(cursor)
        findings += _without_seal(cursor)
        findings += _gone_unsealed(cursor)
        cursor.execute(
            "SELECT " + " + ".join(f"(SELECT count(*) FROM {name})" for name in TABLES.values())
        )
        (rows,) = cursor.fetchone()
    return Verified(seals, int(rows), tuple(findings))


def _chain(published: Iterable[Mapping[str, Any]]) -> tuple[int, list[str]]:
    """Numbers, links and signatures of all seals, and whether those published are among them."""
    keys, findings = seal_keys(), []
    known = {int(one["number"]): one for one in published}
    for number, one in known.items():
        key = keys.get(int(one["key"]))
        signature = bytes.fromhex(one["signature"])
        if key is None or not is_signed(key, signature, one["document"]):
            findings.append(f"The published seal {number} is not signed with a key of ours.")
    number, before = 0, b""
    # The marks of millions of rows are of no use here.
    for seal in Seal.objects.defer("marks").order_by("number").iterator():
        for missing in range(number + 1, min(seal.number, number + 1 + MOST_NAMED)):
            findings.append(f"Seal {missing} is missing.")
        findings += _of_one(seal, before if seal.number == number + 1 else None, keys)
        told = known.pop(seal.number, None)
        if told is not None and told["document"] != seal.words.text:
            findings.append(f"Seal {seal.number} is not the one that was published.")
        number, before = seal.number, bytes(seal.digest)
    findings += [
        f"Seal {missing} was published and is not there: the end of the ledger is missing."
        for missing in sorted(known)
    ]
    return Seal.objects.count(), findings


def _of_one(seal: Seal, before: bytes | None, keys: Mapping[int, bytes]) -> Iterator[str]:
    words = seal.words
    if before is not None and bytes(seal.previous) != before:
        yield f"Seal {seal.number} does not follow the seal before it: the chain is broken."
    if bytes(seal.digest) != words.digest:
        yield f"Seal {seal.number} was changed: its own digest is another one."
    key = keys.get(seal.kid)
    if key is None:
        yield f"Seal {seal.number} is signed with key {seal.kid}, which is not known."
    elif not is_signed(key, bytes(seal.signature), words.text):
        yield f"The signature of seal {seal.number} is wrong."
    if seal.version not in COLUMNS:
        yield f"Seal {seal.number} is of version {seal.version}, which is not known."


def _not_as_sealed(cursor: Any) -> list[str]:
    """Rows that were changed or are gone: all seals in one statement, the odd ones row by row."""
    rows = " UNION ALL ".join(
        f"SELECT s.number, {place} AS place, r.id, {digest_sql(version, table)} AS digest"
        f" FROM attendance_seal s CROSS JOIN LATERAL unnest(s.{table}s) one"
        f" JOIN {name} r ON r.id >= lower(one) AND r.id < upper(one)"
        f" WHERE s.version = {version}"
        for version in COLUMNS
        for place, (table, name) in enumerate(TABLES.items())
    )
    cursor.execute(
        f"WITH sealed AS ({rows}), found AS (SELECT number,"
        " sha256(string_agg(digest, ''::bytea ORDER BY place, id)) AS content,"
        f" string_agg(substr(digest, 1, {MARK}), ''::bytea ORDER BY place, id) AS marks"
        " FROM sealed GROUP BY number)"
        " SELECT s.number FROM attendance_seal s LEFT JOIN found USING (number)"
        " WHERE found.content IS DISTINCT FROM s.content"
        " OR found.marks IS DISTINCT FROM s.marks ORDER BY s.number"
    )
    findings: list[str] = []
    for (number,) in cursor.fetchall():
        findings += _named(cursor, Seal.objects.get(pk=number))
    return findings


def _named(cursor: Any, seal: Seal) -> list[str]:
    """Which rows of a seal are not as they were sealed."""
    marks, at, found = bytes(seal.marks), 0, []
    if seal.version not in COLUMNS:
        return []
    for table, ids in seal.words.rows.items():
        wanted = [number for first, last in ids for number in range(first, last + 1)]
        cursor.execute(
            f"SELECT r.id, substr({digest_sql(seal.version, table)}, 1, {MARK})"
            f" FROM {TABLES[table]} r WHERE r.id = ANY(%s)",
            [wanted],
        )
        there = {number: bytes(mark) for number, mark in cursor.fetchall()}
        for number in wanted:
            mark, at = marks[at : at + MARK], at + MARK
            if number not in there:
                found.append(f"{TABLES[table]} {number} is gone; seal {seal.number} has it.")
            elif there[number] != mark:
                found.append(f"{TABLES[table]} {number} was changed after seal {seal.number}.")
    return _at_most(found) or [
        f"Seal {seal.number} and its rows do not agree, though no row can be named."
    ]


def _without_seal(cursor: Any) -> list[str]:
    """Rows that are neither sealed nor wait for it: put in past the trigger."""
    found = []
    for table, name in TABLES.items():
        cursor.execute(
            f"SELECT r.id FROM {name} r WHERE NOT r.id <@ coalesce((SELECT range_agg(one)"
            f" FROM attendance_seal s, unnest(s.{table}s) one), '{{}}')"
            " AND NOT EXISTS (SELECT FROM attendance_unsealed u"
            ' WHERE u."table" = %s AND u."row" = r.id) ORDER BY r.id LIMIT %s',
            [table, MOST_NAMED + 1],
        )
        found += _at_most(
            [f"{name} {number} has no seal and never waited for one." for (number,) in cursor]
        )
    return found


def _gone_unsealed(cursor: Any) -> list[str]:
    found = []
    for table, name in TABLES.items():
        cursor.execute(
            'SELECT DISTINCT u."row" FROM attendance_unsealed u LEFT JOIN '
            f'{name} r ON r.id = u."row" WHERE u."table" = %s AND r.id IS NULL'
            " ORDER BY 1 LIMIT %s",
            [table, MOST_NAMED + 1],
        )
        found += _at_most(
            [f"{name} {number} is gone before it could be sealed." for (number,) in cursor]
        )
    return found


def _at_most(findings: list[str]) -> list[str]:
    return findings[:MOST_NAMED] + ["… and more of these."] * (len(findings) > MOST_NAMED)
