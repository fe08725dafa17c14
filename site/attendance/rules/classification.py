"""What a reading of a code comes to (R19). The server never throws one away: it classifies it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attendance.rules.window import Window

# How long before and after its half minute a rotating code is taken.
STEP = timedelta(seconds=30)
TOLERANCE = timedelta(seconds=90)
# Clocks differ by more than this only when they are wrong; less is corrected and not remarked.
CLOCK_OFF = timedelta(minutes=5)
SENT_LATE = timedelta(minutes=15)
# What the way to the server and the rounding of clocks may make of a time that is right.
SLACK = timedelta(minutes=1)
# A resident's own telephone may send what it kept for so long; later somebody looks at it.
OWN_QUEUE = timedelta(days=7)

COUNTED, DUPLICATE, EARLY, LATE = "counted", "duplicate", "early", "late"
WRONG_SESSION, KEY_REVOKED, INVALID, REVIEW = "wrong_session", "key_revoked", "invalid", "review"


@dataclass(frozen=True)
class Times:
    """When a reading was made by the server's clock, and what was wrong with the device's."""

    made_at: datetime
    clock_off: bool
    sent_late: bool


def corrected(device_time: datetime, device_now: datetime, received_at: datetime) -> Times:
    """`device_now` is the device's clock as it sent. All aware.

    A clock that is two hours slow is two hours slow when it reads and when it sends: the
    difference at sending corrects the reading.
    """
    offset = received_at - device_now
    made_at = device_time + offset
    return Times(
        made_at=made_at,
        clock_off=abs(offset) > CLOCK_OFF,
        sent_late=received_at - made_at > SENT_LATE,
    )


@dataclass(frozen=True)
class Reading:
    """What a genuine code says, and when it was read. None where this kind of code says no such
    thing: a pass names no session, a poster no moment."""

    made_at: datetime
    received_at: datetime
    key_number: int | None = None
    day: date | None = None
    shown_at: datetime | None = None
    valid_until: datetime | None = None
    # Since when its device may read; None for a resident's own.
    enrolled_at: datetime | None = None
    is_own: bool = False
    by_digits: bool = False


@dataclass(frozen=True)
class Place:
    """What holds of the session now. `day` is its first in Japan."""

    day: date
    window: Window
    key_number: int
    closed_at: datetime | None = None
    is_cancelled: bool = False
    is_remote: bool = False
    changing_code_only: bool = False


@dataclass(frozen=True)
class Verdict:
    """One of the classes above, and why ("" for what counts)."""

    classification: str
    reason: str = ""


def classify(reading: Reading, place: Place) -> Verdict:
    """What `reading` comes to. Whether the person has a record already only the ledger knows:
    what is counted here may be a duplicate there."""
    for rule in (_of_the_code, _of_the_clock, _of_the_window):
        if verdict := rule(reading, place):
            return verdict
    return Verdict(COUNTED)


def _of_the_code(reading: Reading, place: Place) -> Verdict | None:
    if place.is_cancelled:
        # People may have come all the same: somebody looks at it.
        return Verdict(REVIEW, "session_cancelled")
    if reading.key_number is not None and reading.key_number != place.key_number:
        return Verdict(KEY_REVOKED, "key_revoked")
    if reading.day is not None and reading.day != place.day:
        return Verdict(WRONG_SESSION, "other_day")
    if reading.day is not None and place.is_remote:
        return Verdict(INVALID, "no_venue")  # R30: whoever is there, it is confirmed otherwise
    # What lasts all day, a poster's code and the six digits, can be passed on.
    if place.changing_code_only and (reading.by_digits or reading.day is not None):
        return Verdict(INVALID, "changing_code_only")
    if reading.shown_at is not None:
        if reading.made_at > reading.shown_at + STEP + TOLERANCE:
            return Verdict(INVALID, "code_expired")
        if reading.made_at < reading.shown_at - TOLERANCE:
            return Verdict(INVALID, "code_ahead")
    if reading.valid_until is not None and reading.made_at > reading.valid_until:
        return Verdict(INVALID, "pass_expired")
    return None


def _of_the_clock(reading: Reading, place: Place) -> Verdict | None:
    if reading.made_at > reading.received_at + SLACK:
        return Verdict(REVIEW, "in_future")
    if reading.enrolled_at is not None and reading.made_at < reading.enrolled_at - SLACK:
        return Verdict(REVIEW, "before_enrolment")
    return None


def _of_the_window(reading: Reading, place: Place) -> Verdict | None:
    if place.window.is_early(reading.made_at):
        return Verdict(EARLY, "too_early")
    if place.window.is_late(reading.made_at):
        return Verdict(LATE, "too_late")
    if place.closed_at is not None and reading.received_at > place.closed_at:
        return Verdict(REVIEW, "list_closed")
    if reading.is_own and reading.received_at > place.window.closes_at + OWN_QUEUE:
        return Verdict(REVIEW, "sent_too_late")
    return None


def gaps(sequence: list[int]) -> list[tuple[int, int]]:
    """Runs of numbers, first and last, that are missing below the highest; counting begins at 1.

    Numbers that are no continuation (a device that was set up anew begins at 1 again) fill gaps
    as they come; nothing is reported twice.
    """
    missing, expected = [], 1
    for number in sorted(set(sequence)):
        if number > expected:
            missing.append((expected, number - 1))
        expected = max(expected, number + 1)
    return missing
