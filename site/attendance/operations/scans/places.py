"""What a code leads to: the municipality, the session as it is now, what holds of its codes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.queries import with_code_state
from attendance.rules.classification import Place
from attendance.rules.window import check_in_window
from common import clock
from tenants.models import Municipality


@dataclass(frozen=True)
class Venue:
    """A session at which codes are read, and what holds of it now."""

    municipality: Municipality
    session: SessionSnapshot
    place: Place


def place_of(municipality: Municipality, session: SessionSnapshot) -> Place:
    """What readings at `session` are judged by; `municipality` as `with_code_state` read it."""
    return Place(
        day=session.starts_at.astimezone(clock.TOKYO).date(),
        window=check_in_window(session.starts_at, session.ends_at),
        key_number=municipality.key_number,  # type: ignore[attr-defined]
        closed_at=municipality.closed_at,  # type: ignore[attr-defined]
    )


def venue_here(code: str, session_uuid: UUID) -> Venue | None:
    """The venue of a session of the municipality whose schema is active; None where the session
    is not published. Three statements."""
    municipality = with_code_state(code, session_uuid)
    session = session_by_uuid(session_uuid)
    if municipality is None or session is None:
        return None
    snapshot = session.snapshot()
    return Venue(municipality, snapshot, place_of(municipality, snapshot))
