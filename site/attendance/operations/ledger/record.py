"""The one way into the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

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
    record.counted_hours = record.hours
    return record


def _insert(record: ParticipationRecord) -> bool:
    """Write `record` and give it its key; False where the person has one of the session,
    also from an account that has become part of this one.

    Two phones at the same moment make one row, without an error and without a look
    beforehand. Django's own way to ignore a conflict does not tell whether there was one.
    """
    fields = [f for f in ParticipationRecord._meta.concrete_fields if not f.primary_key]
    statement = sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} WHERE NOT EXISTS ("
        "SELECT FROM {table} l JOIN {residents} r ON r.id = l.resident_id"
        " WHERE r.merged_into_id = {resident} AND l.session_uuid = {session})"
        " ON CONFLICT DO NOTHING RETURNING id"
    ).format(
        table=sql.Identifier(ParticipationRecord._meta.db_table),
        columns=sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
        values=sql.SQL(", ").join([sql.Placeholder()] * len(fields)),
        residents=sql.Identifier(Resident._meta.db_table),
        resident=sql.Placeholder(),
        session=sql.Placeholder(),
    )
    values = [f.get_db_prep_save(getattr(record, f.attname), connection) for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, record.resident_id, record.session_uuid])
        made = cursor.fetchone()
    if made is None:
        return False
    (record.pk,) = made
    return True
