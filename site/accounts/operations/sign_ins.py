"""What a session keeps of the sign-in it began with."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from accounts.operations.handoff import CHAIN_KEY, new_chain
from accounts.operations.open_sessions import keep_session
from common import clock

SINCE_KEY = "_since"  # when somebody signed in
WAY_KEY = "_way"  # and what with
CONFIRMED_KEY = "_confirmed"  # when they last proved who they are
CAN_PASSKEY_KEY = "_can_passkey"  # the browser says that it can make passkeys
_SEEN_KEY = "_seen"  # when it was last kept that the session is in use
_KEPT_KEY = "_kept"  # for which session key: it changes with the password

# A write for each page would be too much, and "today" is what people want to know.
SEEN_STEP = timedelta(hours=1)
DOOR_SECONDS = 60 * 60
# For so long after a proof nobody is asked again before they change what opens the account.
CONFIRMED_FOR = timedelta(minutes=15)


def begin(session: SessionBase, way: str) -> None:
    """Somebody has just signed in with `way`."""
    now = clock.now().timestamp()
    session[SINCE_KEY] = session[CONFIRMED_KEY] = now
    session[WAY_KEY] = way
    session[CHAIN_KEY] = new_chain()
    session.set_expiry(None)  # as long as the settings say


def wait_at_the_door(session: SessionBase) -> None:
    """Somebody is about to sign in. Who never does leaves nothing that lies about for a month."""
    session.set_expiry(DOOR_SECONDS)


def confirm(session: SessionBase) -> None:
    """Who is signed in has proved once more who they are."""
    session[CONFIRMED_KEY] = clock.now().timestamp()


def is_confirmed(session: SessionBase) -> bool:
    age = clock.now().timestamp() - session.get(CONFIRMED_KEY, 0)
    return bool(0 <= age < CONFIRMED_FOR.total_seconds())


def is_due(session: SessionBase) -> bool:
    """Whether it has to be kept again that this session is in use; if so, marks it as kept."""
    key = session.session_key or ""
    now = clock.now().timestamp()
    is_kept = session.get(_KEPT_KEY) == _mark(key)
    if is_kept and now - session.get(_SEEN_KEY, 0) < SEEN_STEP.total_seconds():
        return False
    session.update(as_kept(key))
    session.setdefault(SINCE_KEY, now)
    session.setdefault(CHAIN_KEY, new_chain())
    return True


def as_kept(session_key: str) -> dict[str, Any]:
    """What a session holds once it was kept that it is in use."""
    return {_KEPT_KEY: _mark(session_key), _SEEN_KEY: clock.now().timestamp()}


def keep(
    session: SessionBase,
    user_id: Any,
    municipality_code: str | None,
    user_agent: str,
) -> None:
    """Keep the session among those that its owner sees."""
    keep_session(
        session.session_key or "",
        user_id,
        municipality_code,
        chain=session[CHAIN_KEY],
        way=session.get(WAY_KEY, ""),
        user_agent=user_agent,
        started_at=datetime.fromtimestamp(session[SINCE_KEY], UTC),
    )


def _mark(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()[:16]
