"""The time, and the date in Japan."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; inside of `as_of`, that moment."""
    return _as_of.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """What is done inside is done as if it were `moment` (aware).

    For what happened in the past and is entered now; no request from outside leads here.
    """
    token = _as_of.set(moment)
    try:
        yield
    finally:
        _as_of.reset(token)


def at_noon(day: date) -> datetime:
    """Noon of `day` in Japan."""
    return datetime.combine(day, time(12), tzinfo=TOKYO)


def today() -> date:
    """Today's date in Japan, whatever time zone the server or the visitor is in.

    Terms, fiscal years and participations run by Japan's calendar; until nine in the morning
    the UTC date is still yesterday's.
    """
    return now().astimezone(TOKYO).date()
