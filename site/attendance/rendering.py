"""Sign-ups as a calendar reads them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Entry:
    """One sign-up. `is_sure`: a place is held; `is_over`: withdrawn, called off, not accepted.
    `sequence` is higher with every change, so that a calendar takes the newest. `booked`: what is
    booked along, a line each."""

    session_uuid: UUID
    title: str
    organiser: str
    starts_at: datetime
    ends_at: datetime
    place: str
    url: str
    is_sure: bool
    is_over: bool
    sequence: int
    changed_at: datetime
    booked: str = ""

    @property
    def status(self) -> str:
        if self.is_over:
            return "CANCELLED"
        return "CONFIRMED" if self.is_sure else "TENTATIVE"


def calendar_of(entries: Iterable[Entry], domain: str, name: str) -> bytes:
    """The calendar file. Times are given in UTC, which needs no time zone explained; no entry
    says who the resident is."""
    calendar = Calendar()
    calendar.add("prodid", "-//Furusato//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.session_uuid}@{domain}")
        event.add("sequence", entry.sequence)
        event.add("status", entry.status)
        event.add("dtstamp", entry.changed_at.astimezone(UTC))
        event.add("dtstart", entry.starts_at.astimezone(UTC))
        event.add("dtend", entry.ends_at.astimezone(UTC))
        event.add("summary", entry.title)
        event.add("description", "\n".join(filter(None, (entry.organiser, entry.booked))))
        if entry.place:
            event.add("location", entry.place)
        event.add("url", entry.url)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
