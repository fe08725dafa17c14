"""Keeping readings, and counting those that count: one statement, however many there are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models
from psycopg import sql

from accounts.models import Resident
from attendance.enums import ScanClass
from attendance.models import ParticipationRecord, Scan
from tenants.postgresql.connection import connection

_RECORD, _SCAN = ParticipationRecord._meta, Scan._meta
_NO_CHOICE = ("id", "classification", "record_id")


def _columns(meta: Any) -> list[str]:
    return [str(field.column) for field in meta.concrete_fields if not field.primary_key]


def _names(columns: Sequence[str], of: str = "") -> sql.Composed:
    prefix = sql.SQL(f"{of}." if of else "")
    return sql.SQL(", ").join([prefix + sql.Identifier(column) for column in columns])


# Ledger and reading are written together: none is ever without the other. Both in one order, so
# that two batches at once wait for each other and never in a circle. The ledger's own uniqueness
# decides who was first; whoever was not is a duplicate, and that is no error.
_CARRIED = [column for column in _columns(_SCAN) if column not in _NO_CHOICE]
_KEEP = (
    sql.SQL(
        "WITH given AS MATERIALIZED (SELECT * FROM jsonb_populate_recordset(NULL::{scans}, {p})),"
        " wanted AS (SELECT * FROM jsonb_populate_recordset(NULL::{records}, {p})),"
        " made AS (INSERT INTO {records} ({columns}) SELECT {of_wanted} FROM wanted w"
        # Counted, not EXISTS: that would be joined, and read whole tables for one person.
        " WHERE 0 = (SELECT count(*) FROM {residents} r JOIN {records} l ON l.resident_id = r.id"
        " WHERE r.merged_into_id = w.resident_id AND l.session_uuid = w.session_uuid)"
        " ORDER BY w.resident_id, w.session_uuid"
        " ON CONFLICT DO NOTHING RETURNING id, resident_id, session_uuid)"
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
        records=sql.Identifier("public", _RECORD.db_table),
        residents=sql.Identifier("public", Resident._meta.db_table),
        columns=_names(_columns(_RECORD)),
        of_wanted=_names(_columns(_RECORD), "w"),
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
    """What a reading came to; `record_id` of the ledger row that it made or that was there."""

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
        cursor.execute(_KEEP, [_as_json(scans), _as_json(records)])
        return {row[0]: Kept(*row) for row in cursor.fetchall()}


def stored(source: UUID, uuids: Sequence[UUID]) -> dict[UUID, Kept]:
    """What the readings of `source` with these ids came to, of those that were ever kept."""
    rows = Scan.objects.filter(source=source, uuid__in=uuids).values_list(
        "uuid", "classification", "reason", "record_id"
    )
    return {row[0]: Kept(*row) for row in rows}


def _as_json(rows: Sequence[models.Model]) -> str:
    """Numbers, texts, times and ids as they are: no field of either table stands for another."""
    return json.dumps([_values(row) for row in rows], default=str)


def _values(row: models.Model) -> dict[str, Any]:
    return {
        str(field.column): getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
