"""Where a resident is signed in: keeping it, and ending it.

A session on the portal and the sessions on municipalities' hosts that came from it form a
chain; ending the first ends them all, in the same request.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.enums import SecurityEventKind
from accounts.models import Handoff, OpenSession, User
from accounts.operations.access import keep_seen
from accounts.operations.handoff import end_municipality_sessions
from accounts.operations.security_events import record
from accounts.rules.devices import device_of
from common import clock
from common.refusal import Refused
from tenants.actors import at_reception


def keep_session(
    session_key: str,
    user_id: Any,
    municipality_code: str | None,
    *,
    chain: str,
    way: str,
    user_agent: str,
    started_at: datetime,
) -> None:
    """Keep that this session is open and was seen now, and that its owner was here today."""
    device = device_of(user_agent)
    with at_reception():
        OpenSession.objects.bulk_create(
            [
                OpenSession(
                    session_key=session_key,
                    user_id=user_id,
                    municipality_id=municipality_code,
                    chain=chain,
                    way=way,
                    device=device.kind,
                    system=device.system,
                    browser=device.browser,
                    started_at=started_at,
                    seen_at=clock.now(),
                )
            ],
            update_conflicts=True,
            unique_fields=["session_key"],
            update_fields=["seen_at"],
        )
    keep_seen(user_id)


@transaction.atomic
def end_session(user: User, session_id: UUID) -> None:
    """End one of `user`'s sessions, with what came from it. Raises Refused("not_found")."""
    with at_reception():
        found = OpenSession.objects.filter(user=user, pk=session_id).first()
        if found is None:
            raise Refused("not_found")
        _end(found)
    record(SecurityEventKind.SESSION_ENDED, user, found.municipality, device=found.device)


@transaction.atomic
def end_others(user: User, session_key: str) -> int:
    """End every session of `user` but the one of this key, those on municipalities' hosts that
    came from it included; returns how many."""
    with at_reception():
        ended = 0
        for found in OpenSession.objects.filter(user=user).exclude(session_key=session_key):
            _end(found)
            ended += 1
        own = OpenSession.objects.filter(session_key=session_key).first()
        if own is not None:
            end_municipality_sessions(own.chain)
    return ended


@transaction.atomic
def end_all(user: User) -> None:
    """End every session of `user`, and every code that is under way to a municipality's host."""
    with at_reception():
        for found in OpenSession.objects.filter(user=user):
            _end(found)
        chains = Handoff.objects.filter(user=user).values_list("chain", flat=True)
        for chain in set(chains):
            end_municipality_sessions(chain)


def end_all_others(user: User, session_key: str) -> int:
    """As `end_others`, because the resident asked for it: that is kept."""
    ended = end_others(user, session_key)
    record(SecurityEventKind.ALL_SESSIONS_ENDED, user, number=ended)
    return ended


def _end(found: OpenSession) -> None:
    if found.municipality_id is None:
        end_municipality_sessions(found.chain)
    # Deletes the row here too (`accounts.sessions`).
    import_module(settings.SESSION_ENGINE).SessionStore(found.session_key).delete()


def forget_old_sessions() -> int:
    """Delete sessions that are over, and what was kept beside them; returns how many."""
    with at_reception():
        deleted, _by_model = Session.objects.filter(expire_date__lt=clock.now()).delete()
        # Not seen for as long as a session can live: there is none any more.
        unseen = clock.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)
        OpenSession.objects.filter(seen_at__lt=unseen).delete()
        # Signing out on the portal looks sessions up by these, as long as there is one.
        alive = Session.objects.values("session_key")
        Handoff.objects.filter(created_at__lt=unseen).exclude(session_key__in=alive).delete()
    return deleted
