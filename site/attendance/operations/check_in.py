"""Reading the code at the venue records participation (R19)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from accounts.models import Resident
from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.codes import read_venue_token
from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from attendance.queries import records_of_person
from attendance.rules.window import check_in_window
from common import clock
from common.refusal import Refused
from common.tokens import BadToken
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tenants.postgresql.names import schema_of


@dataclass(frozen=True)
class Venue:
    """A genuine check-in code and the session it belongs to."""

    municipality: Municipality
    session: SessionSnapshot


@dataclass(frozen=True)
class CheckIn:
    """The ledger row, and whether this reading of the code made it."""

    record: ParticipationRecord
    is_new: bool


def read_code(token: str) -> Venue:
    """The session a check-in code belongs to.

    Raises `Refused("code_invalid")` for a forged, altered or damaged code and
    `Refused("session_gone")` where the session is no longer published.
    """
    with _at_venue(token) as venue:
        return venue


def check_in(resident: Resident, token: str) -> CheckIn:
    """Record that `resident` takes part in the session of the code; safe to repeat.

    Raises what `read_code` raises, and `Refused("too_early", opens_at=…)` or
    `Refused("too_late", closes_at=…)` outside of the session's window.
    """
    with _at_venue(token) as venue:
        session, now = venue.session, clock.now()
        window = check_in_window(session.starts_at, session.ends_at)
        if window.is_early(now):
            raise Refused("too_early", opens_at=window.opens_at, title=session.activity_title)
        if window.is_late(now):
            raise Refused("too_late", closes_at=window.closes_at, title=session.activity_title)
        return _record(resident, venue)


@contextmanager
def _at_venue(token: str) -> Iterator[Venue]:
    """The venue of a code, with its municipality's schema active.

    The shared tables, the ledger among them, are in reach there too: who writes before
    leaving saves a change of schema.
    """
    try:
        code = read_venue_token(token)
    except BadToken:
        raise Refused("code_invalid") from None
    with municipality_context(_at(code.municipality_code)):
        municipality = Municipality.objects.filter(pk=code.municipality_code).first()
        if municipality is None:
            raise Refused("code_invalid")
        connection.set_tenant(municipality)
        session = session_by_uuid(code.session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        yield Venue(municipality, session.snapshot())


def _at(code: str) -> Municipality:
    """Its schema's name follows from the code: so it is read there, after one change of schema."""
    return Municipality(local_government_id=code, schema_name=schema_of(code))


def _record(resident: Resident, venue: Venue) -> CheckIn:
    session = venue.session
    record = ParticipationRecord(
        resident=resident,
        municipality=venue.municipality,
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
    if insert_record(record):
        return CheckIn(record, is_new=True)
    stored = records_of_person(resident.pk).get(session_uuid=session.session_uuid)
    stored.municipality = venue.municipality
    return CheckIn(stored, is_new=False)


def insert_record(record: ParticipationRecord) -> bool:
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
