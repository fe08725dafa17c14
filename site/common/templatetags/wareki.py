"""Dates on screen: the Japanese calendar, or day, month and year for readers of English.

Every filter shows nothing for a value that is not there. Times are Japan's: an activity
takes place there, wherever its reader is.
"""

from datetime import date, datetime, time

from django import template
from django.utils.translation import get_language

from common import wareki

register = template.Library()

# Not Django's date formats: they follow the active language, of which pages have more than
# the two this filter writes.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _is_japanese() -> bool:
    return (get_language() or "ja").startswith("ja")


def _english_date(value: date) -> str:
    local = wareki.in_japan(value)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def _english_time(value: datetime) -> str:
    return f"{wareki.in_japan(value):%-H:%M}"


@register.filter
def jdate(value: date | None) -> str:
    """令和8年11月23日（月） / Mon 23 November 2026."""
    if not isinstance(value, date):
        return ""
    if _is_japanese():
        return wareki.jdate(value)
    return f"{_DAYS[wareki.in_japan(value).weekday()]} {_english_date(value)}"


@register.filter
def jdate_short(value: date | None) -> str:
    """令和8年11月23日 / 23 November 2026."""
    if not isinstance(value, date):
        return ""
    return wareki.jdate_short(value) if _is_japanese() else _english_date(value)


@register.filter
def jtime(value: datetime | time | None) -> str:
    """9時30分 / 9:30."""
    if isinstance(value, time):
        # A time of day without a date is Japan's already.
        value = datetime.combine(date.min, value.replace(tzinfo=None))
    if not isinstance(value, datetime):
        return ""
    return wareki.jtime(value) if _is_japanese() else _english_time(value)


@register.filter
def jtill(value: datetime | None, since: datetime | None) -> str:
    """The end of what began at `since`: 11時, or with its day where that is another one."""
    if isinstance(value, datetime) and isinstance(since, datetime):
        if wareki.in_japan(value).date() != wareki.in_japan(since).date():
            return jdatetime(value)
    return jtime(value)


@register.filter
def jdatetime(value: datetime | None) -> str:
    """令和8年11月23日（月）9時30分 / Mon 23 November 2026, 9:30."""
    if not isinstance(value, datetime):
        return jdate(value)
    if _is_japanese():
        return wareki.jdatetime(value)
    return f"{jdate(value)}, {_english_time(value)}"
