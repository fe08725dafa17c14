"""What a code leads to: the municipality, the session as it is now, what holds of its codes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

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
        is_cancelled=session.is_cancelled,
        is_remote=session.is_remote,
        changing_code_only=session.changing_code_only,
    )


# Of this process: a cache that is away keeps nobody from checking in. As they are, not in bytes as
# Django's local cache keeps what it is given: to read one back took longer than to judge a reading.
_known: dict[tuple[str, UUID], tuple[float, Venue]] = {}
_MOST = 500


def known_venue(code: str, session_uuid: UUID) -> Venue | None:
    """The venue as it was read in this process within the last `VENUE_SECONDS`, if it was.

    A hall full of people reads one poster within minutes, and what holds of its session is the
    same for all of them. So a change of the session, of its designation or of its codes reaches
    those who check in after that time at the latest. Nobody may change what is found.
    """
    until, venue = _known.get((code, session_uuid), (0.0, None))
    return venue if time.monotonic() < until else None


def remember(venue: Venue) -> None:
    """Let `known_venue` find it."""
    if len(_known) >= _MOST:
        forget_venues()
    key = venue.municipality.code, venue.session.session_uuid
    _known[key] = time.monotonic() + settings.VENUE_SECONDS, venue


def forget_venues() -> None:
    """Read all of them anew."""
    _known.clear()


def venue_here(code: str, session_uuid: UUID) -> Venue | None:
    """The venue of a session of the municipality whose schema is active; None where the session
    is not published. Three statements."""
    municipality = with_code_state(code, session_uuid)
    session = session_by_uuid(session_uuid)
    if municipality is None or session is None:
        return None
    snapshot = session.snapshot()
    return Venue(municipality, snapshot, place_of(municipality, snapshot))
