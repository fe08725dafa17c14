"""Where and when: what a check-in code leads to, read once for everybody who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import caches

from activities.queries import session_by_uuid
from activities.rules.snapshot import SessionSnapshot
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tenants.postgresql.names import schema_of

# In this process: a cache that is away keeps nobody from checking in.
_CACHE = "process"


@dataclass(frozen=True)
class Venue:
    """A municipality and one of its sessions; `session` None where it is no longer published."""

    municipality: Municipality
    session: SessionSnapshot | None


@contextmanager
def at_venue(municipality_code: str, session_uuid: UUID) -> Iterator[Venue | None]:
    """The venue of a session; None where no such municipality takes part.

    A hall full of people reads one poster within minutes, and what holds of its session is the
    same for all of them: it is read again after `VENUE_SECONDS`. So a change of the session
    or of its designation reaches check-in after that time at the latest.

    Whose turn it was to read is in the municipality's schema inside. The shared tables, the
    ledger among them, are in reach there too: who writes before leaving saves a change of schema.
    """
    key = f"venue:{municipality_code}:{session_uuid}"
    with public_context():  # keys are of the schema that one is in
        known: Venue | None = caches[_CACHE].get(key)
    if known is not None:
        yield known
        return
    # Its schema's name follows from the code: so it is read there, after one change of schema.
    there = Municipality(
        local_government_id=municipality_code, schema_name=schema_of(municipality_code)
    )
    with municipality_context(there):
        municipality = Municipality.objects.filter(pk=municipality_code).first()
        if municipality is None:
            yield None
            return
        connection.set_tenant(municipality)
        session = session_by_uuid(session_uuid)
        found = Venue(municipality, session.snapshot() if session else None)
        with public_context():
            caches[_CACHE].set(key, found, settings.VENUE_SECONDS)
        yield found
