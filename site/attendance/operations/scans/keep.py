"""Keeping readings, and counting those that count: one statement, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg import sql

from attendance.enums import ScanClass
from attendance.models import ParticipationRecord, Scan
from attendance.operations.ledger.record import ADD_WANTED, WANTED, as_json, columns_of
from tenants.postgresql.connection import connection

_SCAN = Scan._meta
_NO_CHOICE = ("classification", "record_id")


def _names(columns: Sequence[str], of: str = "") -> sql.Composed:
    prefix = sql.SQL(f"{of}." if of else "")
    return sql.SQL(", ").join([prefix + sql.Identifier(column) for column in columns])


# Ledger and reading are written together: none is ever without the other. Whoever is not written
# into the ledger, as somebody was first, is a duplicate, and that is no error.
_CARRIED = [column for column in columns_of(Scan) if column not in _NO_CHOICE]
_KEEP = (
    sql.SQL(
        "WITH given AS MATERIALIZED (SELECT * FROM jsonb_populate_recordset(NULL::{scans}, {p})),"
        " {wanted}, made AS ({add})"
        " INSERT INTO {scans} ({carried}, classification, record_id)"
        " SELECT {of_given}, CASE WHEN g.classification = {counted} AND m.id IS NULL"
        " THEN {duplicate} ELSE g.classification END,"
        " coalesce(m.id, CASE WHEN g.classification IN ({counted}, {duplicate}) THEN ("
        "SELECT min(l.id) FROM {records} l WHERE l.resident_id = g.resident_id"
        " AND l.session_uuid = g.session_uuid) END)"
        " FROM given g LEFT JOIN made m ON g.classification = {counted}"
        " AND m.resident_id = g.resident_id AND m.session_uuid = g.session_uuid"
        " ORDER BY g.source, g.uuid"
        " ON CONFLICT DO NOTHING RETURNING uuid, classification, reason, record_id"
    )
    .format(
        scans=sql.Identifier("public", _SCAN.db_table),
        records=sql.Identifier("public", ParticipationRecord._meta.db_table),
        wanted=sql.SQL(WANTED),
        add=sql.SQL(ADD_WANTED),
        carried=_names(_CARRIED),
        of_given=_names(_CARRIED, "g"),
        counted=sql.Literal(ScanClass.COUNTED.value),
        duplicate=sql.Literal(ScanClass.DUPLICATE.value),
        p=sql.Placeholder(),
    )
    .as_string()
)


@dataclass(frozen=True)
class Kept:
    """What a reading came to; `record_id` of the ledger row that it made or that was there. Of a
    duplicate whose first was committed at that very moment it may be None."""

    uuid: UUID
    classification: str
    reason: str
    record_id: int | None


def keep(scans: Sequence[Scan], records: Sequence[ParticipationRecord]) -> dict[UUID, Kept]:
    """Write readings of one source, and into the ledger the `records` of those classified as
    counted: at most one of a person and session. One statement.

    A reading that the database has already is left out of the answer.
    """
    if not scans:
        return {}
    with connection.prepared() as cursor:
        cursor.execute(_KEEP, [as_json(scans), as_json(records)])
        return {row[0]: Kept(*row) for row in cursor.fetchall()}


def stored(source: UUID, uuids: Sequence[UUID]) -> dict[UUID, Kept]:
    """What the readings of `source` with these ids came to, of those that were ever kept."""
    rows = Scan.objects.filter(source=source, uuid__in=uuids).values_list(
        "uuid", "classification", "reason", "record_id"
    )
    return {row[0]: Kept(*row) for row in rows}
