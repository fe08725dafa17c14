"""Deadlines and steps of requests under the Act on the Protection of Personal Information.

Decisions are due within 30 days from the day a request is received (articles 83, 94 and 102,
paragraph 1); a municipality's ordinance may shorten this. For a difficulty in the work or another
just cause the period may be extended by up to 30 days, once, with the reason told to the person
(paragraph 2 of each). The day of receipt itself is not counted (Civil Code, article 140).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

DAYS_BY_LAW = 30
EXTENSION_AT_MOST = 30
REMIND_BEFORE = timedelta(days=7)

# From which status each step may be taken, and which it leads to.
STEPS = {
    "identity_checked": ("received", "identity_checked"),
    "decided": ("identity_checked", "decided"),
    "done": ("decided", "done"),
}
UNDECIDED = frozenset({"received", "identity_checked"})


def deadline_of(received_on: date, days: int = DAYS_BY_LAW) -> date:
    """The last day to decide on a request received on `received_on`."""
    return received_on + timedelta(days=days)


def may_extend(status: str, deadline: date, extended: bool, today: date) -> bool:
    """Once, while nothing is decided, and before the first period is over."""
    return status in UNDECIDED and not extended and today <= deadline


def is_overdue(status: str, deadline: date, today: date) -> bool:
    return status in UNDECIDED and today > deadline


def reminder_due(status: str, deadline: date, today: date, sent: Collection[str]) -> str:
    """The reminder to send today, "" for none; `sent` are those of this deadline.

    A clock that stood still on the day itself sends it when it runs again; somebody who is
    reminded on the day needs no reminder of the week before.
    """
    if status not in UNDECIDED:
        return ""
    if today >= deadline:
        return "" if "reminded_on_the_day" in sent else "reminded_on_the_day"
    if today >= deadline - REMIND_BEFORE:
        return "" if "reminded_before" in sent else "reminded_before"
    return ""
