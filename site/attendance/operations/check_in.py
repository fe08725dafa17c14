"""Reading the code at the venue records participation (R19)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from accounts.models import Resident
from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.codes import read_venue_token
from attendance.enums import CheckInMethod
from attendance.operations.ledger.record import CheckIn, record_participation
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
        return record_participation(resident, venue.municipality, session, CheckInMethod.VENUE_CODE)


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
