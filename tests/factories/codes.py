"""Codes of sessions, as the posters of today carry them."""

from __future__ import annotations

from uuid import UUID

from activities.models import Session
from attendance.codes import venue_token as made
from attendance.queries import key_number_of
from tenants.context import municipality_context
from tenants.models import Municipality


def venue_token(municipality_code: str, session_uuid: UUID) -> str:
    """The token on the poster of a session, with the key of this moment."""
    municipality = Municipality.objects.get(pk=municipality_code)
    with municipality_context(municipality):
        day = Session.objects.get(uuid=session_uuid).day
    return made(municipality_code, session_uuid, day, key_number_of(municipality, session_uuid))
