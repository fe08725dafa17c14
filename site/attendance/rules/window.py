"""When a session's check-in code is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# People come early and stay to tidy up; the poster must not turn them away.
OPENS_BEFORE = timedelta(hours=1)
CLOSES_AFTER = timedelta(hours=2)


@dataclass(frozen=True)
class Window:
    """The times between which a session's code is taken, both included."""

    opens_at: datetime
    closes_at: datetime

    def is_early(self, at: datetime) -> bool:
        return at < self.opens_at

    def is_late(self, at: datetime) -> bool:
        return at > self.closes_at


def check_in_window(starts_at: datetime, ends_at: datetime) -> Window:
    """From one hour before the session until two hours after it (R19; reading)."""
    return Window(starts_at - OPENS_BEFORE, ends_at + CLOSES_AFTER)


# How long after its session's window a device may send what it kept.
SENDING = timedelta(days=7)


# How long before its session an organisation can make a device: a phone that is let in sees names.
PREPARING = timedelta(days=7)


def devices_from(starts_at: datetime) -> datetime:
    """From when on an organisation can make scanning devices of its session."""
    return starts_at - PREPARING


def device_ends_at(window: Window) -> datetime:
    """When a scanning device of a session stops being let in."""
    return window.closes_at + SENDING
