"""Reading the code at the venue records participation (R19)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from accounts.models import Resident
from activities.rules.snapshot import SessionSnapshot
from attendance.codes import read_venue_token
from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from attendance.operations.venues import at_venue
from attendance.queries import records_of_person
from attendance.rules.window import check_in_window
from common import clock
from common.refusal import Refused
from common.tokens import BadToken
from tenants.models import Municipality
from tenants.postgresql.connection import connection


@dataclass(frozen=True)
class CheckIn:
    """The ledger row, and whether this reading of the code made it."""

    record: ParticipationRecord
    is_new: bool


def read_code(token: str) -> tuple[Municipality, SessionSnapshot]:
    """The session a check-in code belongs to.

    Raises `Refused("code_invalid")` for a forged, altered or damaged code and
    `Refused("session_gone")` where the session is no longer published, `Refused(
    "session_cancelled", title=…)` where it does not take place.
    """
    with _at_venue(token) as (municipality, session):
        return municipality, session


def check_in(resident: Resident, token: str) -> CheckIn:
    """Record that `resident` takes part in the session of the code; safe to repeat.

    Raises what `read_code` raises, and `Refused("too_early", opens_at=…)` or
    `Refused("too_late", closes_at=…)` outside of the session's window.
    """
    with _at_venue(token) as (municipality, session):
        now = clock.now()
        window = check_in_window(session.starts_at, session.ends_at)
        if window.is_early(now):
            raise Refused("too_early", opens_at=window.opens_at, title=session.activity_title)
        if window.is_late(now):
            raise Refused("too_late", closes_at=window.closes_at, title=session.activity_title)
        return _record(resident, municipality, session)


@contextmanager
def _at_venue(token: str) -> Iterator[tuple[Municipality, SessionSnapshot]]:
    try:
        code = read_venue_token(token)
    except BadToken:
        raise Refused("code_invalid") from None
    with at_venue(code.municipality_code, code.session_uuid) as venue:
        if venue is None:
            raise Refused("code_invalid")
        if venue.session is None:
            raise Refused("session_gone", municipality=venue.municipality.full_name)
        if venue.session.is_cancelled:
            raise Refused("session_cancelled", title=venue.session.activity_title)
        yield venue.municipality, venue.session


def _record(resident: Resident, municipality: Municipality, session: SessionSnapshot) -> CheckIn:
    record = ParticipationRecord(
        resident=resident,
        municipality=municipality,
        session_uuid=session.session_uuid,
        activity_title=session.activity_title,
        organiser=session.organiser,
        place=session.place,
        session_date=session.starts_at.astimezone(clock.TOKYO).date(),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        hours=session.hours,
        designated=session.is_designated,
        designation_basis=session.designation_basis,
        category=session.category,
        method=CheckInMethod.VENUE_CODE,
        recorded_at=clock.now(),
    )
    if _insert(record):
        return CheckIn(record, is_new=True)
    stored = records_of_person(resident.pk).get(session_uuid=session.session_uuid)
    stored.municipality = municipality
    return CheckIn(stored, is_new=False)


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
