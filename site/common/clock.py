"""The time, and the date in Japan."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Japan, whatever time zone the server or the visitor is in.

    Terms, fiscal years and participations run by Japan's calendar; until nine in the morning
    the UTC date is still yesterday's.
    """
    return now().astimezone(TOKYO).date()
