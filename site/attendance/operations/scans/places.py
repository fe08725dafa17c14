"""What a code leads to: the municipality, the session as it is now, what holds of its codes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import caches

from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from attendance.queries import with_code_state
from attendance.rules.classification import Place
from attendance.rules.window import check_in_window
from common import clock
from tenants.context import public_context
from tenants.models import Municipality

# Of this process: a cache that is away keeps nobody from checking in.
_CACHE = "process"


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
        is_cancelled=session.is_cancelled,
    )


def known_venue(code: str, session_uuid: UUID) -> Venue | None:
    """The venue as it was read in this process within the last `VENUE_SECONDS`, if it was.

    A hall full of people reads one poster within minutes, and what holds of its session is the
    same for all of them. So a change of the session, of its designation or of its codes reaches
    those who check in after that time at the latest.
    """
    with public_context():  # keys are of the schema that one is in
        found: Venue | None = caches[_CACHE].get(_key(code, session_uuid))
    return found


def remember(venue: Venue) -> None:
    """Let `known_venue` find it."""
    key = _key(venue.municipality.code, venue.session.session_uuid)
    with public_context():
        caches[_CACHE].set(key, venue, settings.VENUE_SECONDS)


def _key(code: str, session_uuid: UUID) -> str:
    return f"venue:{code}:{session_uuid}"


def venue_here(code: str, session_uuid: UUID) -> Venue | None:
    """The venue of a session of the municipality whose schema is active; None where the session
    is not published. Three statements."""
    municipality = with_code_state(code, session_uuid)
    session = session_by_uuid(session_uuid)
    if municipality is None or session is None:
        return None
    snapshot = session.snapshot()
    return Venue(municipality, snapshot, place_of(municipality, snapshot))
