"""Reading the code at the venue records participation (R19)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from accounts.models import Resident
from activities.queries import session_by_uuid
from attendance.codes import ReadCode, read_token
from attendance.enums import CheckInMethod, ScanClass
from attendance.models import Scan
from attendance.operations.ledger.record import CheckIn, draft, known
from attendance.operations.scans.keep import keep
from attendance.operations.scans.places import Venue, known_venue, place_of, remember
from attendance.queries import with_code_state
from attendance.rules.classification import INVALID, Reading, Verdict, classify
from common import clock
from common.refusal import Refused
from common.tokens import BadToken
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tenants.postgresql.names import schema_of

# What is wrong with the code itself, whenever it is read: said before anybody taps.
_OF_THE_CODE = {
    "key_revoked",
    "other_day",
    "no_venue",
    "changing_code_only",
    "code_expired",
    "code_ahead",
    "session_cancelled",
}


def read_code(token: str, *, seen_at: datetime | None = None) -> Venue:
    """The session a check-in code belongs to. Writes nothing.

    Raises `Refused("code_invalid")` for a forged, altered or damaged code,
    `Refused("session_gone")` where the session is no longer published, `session_cancelled`
    (data `title`) where it does not take place, and what holds of the
    code whenever it is read: `key_revoked`, `other_day`, `code_expired`, `code_ahead`, and
    `no_venue` for a poster's code of a remote activity (R30), `changing_code_only` where more than
    a poster is needed.
    """
    code = _read(token)
    with _at_venue(code) as venue:
        verdict = classify(_reading(code, seen_at), venue.place)
        if verdict.reason in _OF_THE_CODE:
            raise refusal(verdict, venue)
        return venue


def check_in(
    resident: Resident,
    token: str,
    *,
    browser: UUID | None = None,
    seen_at: datetime | None = None,
) -> CheckIn:
    """Record that `resident` takes part in the session of the code; safe to repeat.

    `seen_at` is when this browser first brought the code, which matters for one that changes.
    Every attempt is kept (`Scan`), what is refused too. Raises what `read_code` raises, and
    `Refused("too_early", opens_at=…)` or `Refused("too_late", closes_at=…)` outside of the
    session's window, `Refused("list_closed")` once the organiser has confirmed who came.
    """
    now = clock.now()
    scan = Scan(
        uuid=uuid4(),
        source=resident.pk,
        browser=browser,
        resident_id=resident.pk,
        way=CheckInMethod.VENUE_CODE,
        made_at=seen_at or now,
        received_at=now,
    )
    try:
        code = _read(token)
    except Refused:
        _keep_refused(scan, Verdict(INVALID, "code_invalid"))
        raise
    scan.way, scan.session_uuid = code.way, code.session_uuid
    try:
        with _at_venue(code) as venue:
            scan.municipality = venue.municipality
            verdict = classify(_reading(code, seen_at), venue.place)
            if verdict.classification != ScanClass.COUNTED:
                _keep_refused(scan, verdict)
                raise refusal(verdict, venue)
            return count(scan, venue)
    except Refused as refused:
        if refused.code in {"session_gone", "code_invalid"}:
            _keep_refused(scan, Verdict(ScanClass.WRONG_SESSION.value, "session_gone"))
        raise


def count(scan: Scan, venue: Venue) -> CheckIn:
    """Keep a reading that counts, and record participation with it: one statement, and another
    where there is a record already."""
    scan.classification = ScanClass.COUNTED
    if scan.resident_id is None:
        raise ValueError("a reading that counts is somebody's")
    record = draft(scan.resident_id, venue.municipality, venue.session, CheckInMethod(scan.way))
    kept = keep([scan], [record])[scan.uuid]
    if kept.classification == ScanClass.COUNTED:
        record.pk = kept.record_id
        return CheckIn(record, is_new=True)
    uuid = venue.session.session_uuid
    return known(scan.resident_id, venue.municipality, uuid)


def refusal(verdict: Verdict, venue: Venue) -> Refused:
    """What is told of a reading that does not count."""
    window = venue.place.window
    data: dict[str, object] = {"title": venue.session.activity_title}
    if verdict.reason == "too_early":
        data["opens_at"] = window.opens_at
    if verdict.reason == "too_late":
        data["closes_at"] = window.closes_at
    return Refused(verdict.reason, **data)


@contextmanager
def at_municipality(code: str) -> Iterator[None]:
    """In the schema of the municipality with this code: its name follows from the code, so it is
    read there, after one change of schema. The shared tables, the ledger among them, are in
    reach there too: who writes before leaving saves a change of schema."""
    with municipality_context(Municipality(local_government_id=code, schema_name=schema_of(code))):
        yield


@contextmanager
def _at_venue(code: ReadCode) -> Iterator[Venue]:
    """The venue of a code; where it has to be read, with its municipality's schema active."""
    if known := known_venue(code.municipality_code, code.session_uuid):
        yield known
        return
    with at_municipality(code.municipality_code):
        municipality = with_code_state(code.municipality_code, code.session_uuid)
        if municipality is None:
            raise Refused("code_invalid")
        connection.set_tenant(municipality)
        session = session_by_uuid(code.session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        snapshot = session.snapshot()
        venue = Venue(municipality, snapshot, place_of(municipality, snapshot))
        remember(venue)
        yield venue


def _read(token: str) -> ReadCode:
    try:
        return read_token(token)
    except BadToken:
        raise Refused("code_invalid") from None


def _reading(code: ReadCode, seen_at: datetime | None) -> Reading:
    now = clock.now()
    return Reading(
        made_at=seen_at or now,
        received_at=now,
        key_number=code.key_number,
        day=code.day,
        shown_at=code.shown_at,
    )


def _keep_refused(scan: Scan, verdict: Verdict) -> None:
    scan.classification, scan.reason = verdict.classification, verdict.reason
    keep([scan], [])
