"""The one way into the ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from psycopg import sql

from accounts.models import Resident, User
from activities.rules.snapshot import SessionSnapshot
from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from attendance.queries import stored_record
from common import clock
from tenants.models import Municipality
from tenants.postgresql.connection import connection


@dataclass(frozen=True)
class CheckIn:
    """The ledger row, and whether it was made now. `is_voided`: it was there, and staff have
    voided it: reading a code once more does not bring it back."""

    record: ParticipationRecord
    is_new: bool
    is_voided: bool = False


def record_participation(
    resident: Resident,
    municipality: Municipality,
    session: SessionSnapshot,
    method: CheckInMethod,
    *,
    hours: Decimal | None = None,
    recorded_by: User | None = None,
    remark: str = "",
) -> CheckIn:
    """Write that `resident` took part in `session`; safe to repeat, whatever the way in.

    `hours` instead of the session's own; `recorded_by` who entered it for the resident, and
    `remark` why, without a word about a person. Of `resident` its key is enough.
    """
    entered: Any = {"hours": hours, "recorded_by": recorded_by, "remark": remark}
    record = draft(resident.pk, municipality, session, method, **entered)
    if _insert(record):
        return CheckIn(record, is_new=True)
    return known(resident.pk, municipality, session.session_uuid)


def known(resident_id: UUID, municipality: Municipality, session_uuid: UUID) -> CheckIn:
    """What the ledger has of a person and a session already."""
    stored = stored_record(resident_id, session_uuid)
    stored.municipality = municipality
    return CheckIn(stored, is_new=False, is_voided=stored.is_voided)


def draft(
    resident_id: UUID,
    municipality: Municipality,
    session: SessionSnapshot,
    method: CheckInMethod,
    *,
    hours: Decimal | None = None,
    recorded_by: User | None = None,
    remark: str = "",
) -> ParticipationRecord:
    """The row as it would stand in the ledger, not written."""
    record = ParticipationRecord(
        resident_id=resident_id,
        municipality=municipality,
        session_uuid=session.session_uuid,
        activity_title=session.activity_title,
        organiser=session.organiser,
        place=session.place,
        session_date=session.starts_at.astimezone(clock.TOKYO).date(),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        hours=session.hours if hours is None else hours,
        designated=session.is_designated,
        designation_basis=session.designation_basis,
        category=session.category,
        method=method,
        recorded_by=recorded_by,
        remark=remark,
        recorded_at=clock.now(),
    )
    record.counted_hours, record.counted_designated = record.hours, record.designated
    return record


def _insert(record: ParticipationRecord) -> bool:
    """Write `record` and give it its key; False where the person has one of the session."""
    with connection.prepared() as cursor:
        cursor.execute(_ADD, [as_json([record])])
        made = cursor.fetchone()
    if made is None:
        return False
    record.pk = made[0]
    return True


def columns_of(model: type[Model]) -> list[str]:
    """The columns that a row is written with; its key the database makes."""
    fields = model._meta.concrete_fields
    return [str(field.column) for field in fields if not field.primary_key]


def as_json(rows: Sequence[Model]) -> str:
    """Rows that are not written yet, as `jsonb_populate_recordset` reads them: numbers, texts,
    times and ids as they are, for no field of these tables stands for another."""
    return json.dumps([_values(row) for row in rows], default=str)


def _values(row: Model) -> dict[str, Any]:
    return {
        str(field.column): getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }


# Once for a person and session, also if an account that has become part of this one has it. The
# ledger's own constraint decides who was first, without an error and without a look beforehand;
# in one order, so that two who write many at once wait for each other and never in a circle.
ADD_WANTED = (
    sql.SQL(
        "INSERT INTO {records} ({columns}) SELECT {of_wanted} FROM wanted w"
        " WHERE NOT EXISTS (SELECT FROM guard.records_of_merged(w.resident_id, w.session_uuid))"
        " ORDER BY w.resident_id, w.session_uuid"
        " ON CONFLICT DO NOTHING RETURNING id, resident_id, session_uuid"
    )
    .format(
        records=sql.Identifier("public", ParticipationRecord._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns_of(ParticipationRecord))),
        of_wanted=sql.SQL(", ").join(
            sql.Identifier("w", column) for column in columns_of(ParticipationRecord)
        ),
    )
    .as_string()
)
"""Writes the rows of `wanted` into the ledger, those that are not there: what every way in says."""
WANTED = (
    sql.SQL("wanted AS (SELECT * FROM jsonb_populate_recordset(NULL::{records}, %s))")
    .format(records=sql.Identifier("public", ParticipationRecord._meta.db_table))
    .as_string()
)
_ADD = f"WITH {WANTED} {ADD_WANTED}"
