"""What a session on an admin host or the operator's keeps: when it began, when somebody last did
something in it, and when and with which second factor it was passed.

Kept as plain numbers in the session itself, which only the server writes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from common import clock
from tenants.enums import HostKind
from tenants.models import SecondFactor
from tenants.rules.staff_sessions import COARSENESS_SECONDS, End, Limits, end_of, is_recent

STAFF_HOSTS = {HostKind.ADMIN, HostKind.OPERATOR}
SIGNED_IN, SEEN = "staff_signed_in", "staff_seen"
FACTOR, FACTOR_KIND, PASSED, CONFIRMED = (
    "staff_factor",
    "staff_factor_kind",
    "staff_passed",
    "staff_confirmed",
)
_PASSING = (FACTOR, FACTOR_KIND, PASSED, CONFIRMED)


def limits() -> Limits:
    """As the settings say."""
    return Limits(
        idle=settings.STAFF_IDLE_MINUTES * 60,
        absolute=settings.STAFF_SESSION_HOURS * 3600,
        confirmation=settings.STAFF_CONFIRMATION_MINUTES * 60,
    )


def _now() -> float:
    return clock.now().timestamp()


def begin(session: Any) -> None:
    """After each password: whatever was passed before counts no more.

    The cookie ends with the browser; nobody is remembered.
    """
    for key in _PASSING:
        session.pop(key, None)
    session[SIGNED_IN] = session[SEEN] = int(_now())
    session.set_expiry(0)


def pass_factor(session: Any, factor: SecondFactor) -> None:
    """The second factor has been passed: under a new key, so that whoever planted or saw the old
    one holds nothing."""
    session.cycle_key()
    session[FACTOR], session[FACTOR_KIND] = factor.pk, str(factor.kind)
    session[PASSED] = session[CONFIRMED] = int(_now())


def confirm(session: Any, factor: SecondFactor) -> None:
    """It has been passed once more, before something that asks for it."""
    session[FACTOR], session[FACTOR_KIND] = factor.pk, str(factor.kind)
    session[CONFIRMED] = int(_now())


def end(session: Any) -> End | None:
    """Why this session is over by the clock, or None."""
    return end_of(_now(), session.get(SIGNED_IN), session.get(SEEN), limits())


def note_activity(session: Any) -> None:
    """Somebody did something just now; written once a minute at most."""
    if _now() - session.get(SEEN, 0) >= COARSENESS_SECONDS:
        session[SEEN] = int(_now())


def began(session: Any) -> datetime:
    return datetime.fromtimestamp(session.get(SIGNED_IN, 0), UTC)


def factor_of(session: Any) -> int | None:
    """Which factor this session was passed with, if it was."""
    return session.get(FACTOR) if session.get(PASSED) else None


def is_confirmed(session: Any) -> bool:
    """Whether the second factor was passed within the last minutes that the settings name."""
    return is_recent(_now(), session.get(CONFIRMED), limits())
