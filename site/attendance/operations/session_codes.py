"""Withdrawing a session's code, and typing the code of the day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from accounts.models import Resident, User
from accounts.operations.attempts import spend
from activities.queries import sessions_between
from attendance.codes.day import is_day_code
from attendance.enums import CheckInMethod, ScanClass
from attendance.models import Scan, SessionKey
from attendance.operations.check_in import at_municipality, count, refusal
from attendance.operations.ledger.record import CheckIn
from attendance.operations.scans.keep import keep
from attendance.operations.scans.places import Venue, venue_here
from attendance.queries import key_number_of, key_numbers_of
from attendance.rules.classification import INVALID, Reading, Verdict, classify
from attendance.rules.window import check_in_window
from common import clock
from common.refusal import Refused
from tenants.models import Municipality

_LAST_NUMBER = 255  # what a token has room for
LONGEST = timedelta(days=15)  # a session lasts 14 days at most


def withdraw_code(
    municipality: Municipality, session_uuid: UUID, number: int, reason: str, by: User
) -> int:
    """End the codes that carry key `number`; returns the number that holds now.

    `number` is the one whoever asks has seen: asked twice, it is withdrawn once. Raises
    `Refused("no_more_codes")` after 254 times.
    """
    if number >= _LAST_NUMBER:
        raise Refused("no_more_codes")
    if key_number_of(municipality, session_uuid) == number:
        try:
            with transaction.atomic():
                SessionKey.objects.create(
                    municipality=municipality,
                    session_uuid=session_uuid,
                    number=number + 1,
                    reason=reason,
                    made_by=by,
                    made_at=clock.now(),
                )
        except IntegrityError:
            pass  # two of the staff at the same moment
    return key_number_of(municipality, session_uuid)


def check_in_by_digits(
    resident: Resident,
    municipality_code: str,
    typed: str,
    *,
    network: str,
    browser: UUID | None = None,
) -> CheckIn:
    """Record participation with the six digits of the day, at a session of this municipality
    that is open now. Every try is kept.

    Raises `TooManyAttempts` or `CannotCount` before anything is compared (one guess in a million
    is right), `Refused("digits_wrong")`, and what `check_in` raises of the session's window.
    """
    attempt = spend(
        "day_code", account=str(resident.user_id), network=network, place=municipality_code
    )
    now = clock.now()
    scan = Scan(
        uuid=uuid4(),
        source=resident.pk,
        browser=browser,
        resident_id=resident.pk,
        way=CheckInMethod.DAY_CODE,
        made_at=now,
        received_at=now,
    )
    with at_municipality(municipality_code):
        venue = _venue_with(municipality_code, typed)
        if venue is None:
            _keep(scan, Verdict(INVALID, "digits_wrong"))
            raise Refused("digits_wrong")
        attempt.give_back()
        scan.municipality, scan.session_uuid = venue.municipality, venue.session.session_uuid
        if venue.session.is_remote:
            scan.way = CheckInMethod.TIMED_CODE
        reading = Reading(made_at=now, received_at=now, by_digits=True)
        verdict = classify(reading, venue.place)
        if verdict.classification != ScanClass.COUNTED:
            _keep(scan, verdict)
            raise refusal(verdict, venue)
        return count(scan, venue)


def _venue_with(municipality_code: str, typed: str) -> Venue | None:
    """The session whose six digits these are: of those that are open now, so that digits read
    yesterday help nobody to guess; and of today's, to say that it is too early or too late."""
    now, today = clock.now(), clock.today()
    near = [
        session
        for session in sessions_between(today - LONGEST, today)
        if session.day == today
        or not check_in_window(session.starts_at, session.ends_at).is_late(now)
    ]
    numbers = key_numbers_of(municipality_code, [session.uuid for session in near])
    for session in near:
        if is_day_code(typed, session.uuid, session.day, numbers.get(session.uuid, 1)):
            return venue_here(municipality_code, session.uuid)
    return None


def _keep(scan: Scan, verdict: Verdict) -> None:
    scan.classification, scan.reason = verdict.classification, verdict.reason
    keep([scan], [])
