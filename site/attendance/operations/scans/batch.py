"""Readings that a device kept while there was no network, sent together (R19).

Nothing that arrives is thrown away, and one entry that is damaged stops no other. The same
batch sent again, whole or in part, changes nothing and is answered as the first time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Resident
from attendance.codes import ReadCode, read_token
from attendance.codes.passes import read_pass
from attendance.enums import CheckInMethod, ScanClass
from attendance.models import ParticipationRecord, Scan, ScanDevice
from attendance.operations.check_in import at_municipality
from attendance.operations.ledger.record import draft
from attendance.operations.scans.keep import Kept, keep, stored
from attendance.operations.scans.places import Venue, venue_here
from attendance.rules.classification import (
    INVALID,
    WRONG_SESSION,
    Reading,
    Verdict,
    classify,
    corrected,
)
from attendance.rules.entries import MOST, Damaged, Entry, parse_entry
from common import clock
from common.refusal import Refused
from common.tokens import BadToken
from tenants.postgresql.connection import connection

_GONE = Verdict(WRONG_SESSION, "session_gone")
_UNREADABLE = Verdict(INVALID, "damaged")


@dataclass(frozen=True)
class Answer:
    """What one reading came to: the device may forget it now."""

    uuid: UUID
    classification: str
    reason: str


@dataclass
class _Judged:
    scan: Scan
    venue: Venue | None


def take_from_device(
    device: ScanDevice, entries: Sequence[object], device_now: datetime
) -> list[Answer]:
    """Passes that a scanning device read, in the schema of its municipality and acting as it.

    Answers stand in the order of the entries. Statements: as many for 200 as for one. Raises
    `Refused("too_many")` above 200.
    """
    venue = venue_here(device.municipality_id, device.session_uuid)

    def judge(entry: Entry, scan: Scan) -> Verdict:
        try:
            read = read_pass(entry.code.strip().upper())
        except BadToken:
            return Verdict(INVALID, "not_a_pass" if _is_venue_code(entry.code) else "code_invalid")
        scan.resident_id = read.resident_id
        if venue is None:
            return _GONE
        reading = Reading(
            made_at=scan.made_at,
            received_at=scan.received_at,
            valid_until=read.valid_until,
            enrolled_at=device.enrolled_at,
        )
        return classify(reading, venue.place)

    def begin() -> Scan:
        return Scan(
            source=device.pk,
            device=device,
            municipality_id=device.municipality_id,
            session_uuid=device.session_uuid,
            way=CheckInMethod.RESIDENT_PASS,
        )

    return _take(entries, device.pk, device_now, begin, lambda *said: (judge(*said), venue))


def take_from_resident(
    resident: Resident, browser: UUID | None, entries: Sequence[object], device_now: datetime
) -> list[Answer]:
    """Codes that a resident's own phone read and kept. As `take_from_device`; three statements
    more for each session that is named, and a change of schema for each municipality."""
    venues: dict[tuple[str, UUID], Venue | None] = {}

    def venue_of(code: ReadCode) -> Venue | None:
        key = code.municipality_code, code.session_uuid
        if key not in venues:
            with at_municipality(code.municipality_code):
                venues[key] = venue_here(*key)
        return venues[key]

    def judge(entry: Entry, scan: Scan) -> tuple[Verdict, Venue | None]:
        try:
            code = read_token(entry.code.strip().rstrip("/").rsplit("/", 1)[-1])
        except BadToken:
            return Verdict(INVALID, "code_invalid"), None
        scan.way, scan.session_uuid = code.way, code.session_uuid
        venue = venue_of(code)
        if venue is None:
            return _GONE, None
        scan.municipality_id = venue.municipality.pk
        reading = Reading(
            made_at=scan.made_at,
            received_at=scan.received_at,
            key_number=code.key_number,
            day=code.day,
            shown_at=code.shown_at,
            is_own=True,
        )
        return classify(reading, venue.place), venue

    def begin() -> Scan:
        return Scan(
            source=resident.pk,
            browser=browser,
            resident_id=resident.pk,
            way=CheckInMethod.VENUE_CODE,
        )

    return _take(entries, resident.pk, device_now, begin, judge)


def _take(
    entries: Sequence[object],
    source: UUID,
    device_now: datetime,
    begin: Callable[[], Scan],
    judge: Callable[[Entry, Scan], tuple[Verdict, Venue | None]],
) -> list[Answer]:
    if len(entries) > MOST:
        raise Refused("too_many", most=MOST)
    received_at = clock.now()
    parsed = [parse_entry(raw, source) for raw in entries]
    answers = stored(source, [entry.uuid for entry in parsed])
    judged: dict[UUID, _Judged] = {}
    for entry in parsed:
        if entry.uuid in answers or entry.uuid in judged:
            continue
        scan = begin()
        scan.uuid, scan.sequence, scan.received_at = entry.uuid, entry.sequence, received_at
        venue = None
        if isinstance(entry, Damaged):
            scan.made_at, scan.shape, verdict = received_at, entry.shape, _UNREADABLE
        else:
            times = corrected(entry.device_time, device_now, received_at)
            scan.device_time, scan.made_at = entry.device_time, times.made_at
            scan.clock_off, scan.sent_late = times.clock_off, times.sent_late
            verdict, venue = judge(entry, scan)
        scan.classification, scan.reason = verdict.classification, verdict.reason
        judged[entry.uuid] = _Judged(scan, venue)
    answers |= _keep_all(list(judged.values()))
    if missing := [entry.uuid for entry in parsed if entry.uuid not in answers]:
        answers |= stored(source, missing)  # the same batch, sent twice, was faster the other time
    return [_answer(answers[entry.uuid]) for entry in parsed]


def _answer(kept: Kept) -> Answer:
    return Answer(kept.uuid, kept.classification, kept.reason)


def _keep_all(judged: list[_Judged]) -> dict[UUID, Kept]:
    if not judged:
        return {}
    try:
        return _keep(judged)
    except IntegrityError:
        # A genuine pass of somebody whom this database does not know: it was brought back from
        # a backup. The others must not wait for that one.
        kept: dict[UUID, Kept] = {}
        for one in judged:
            try:
                kept |= _keep([one])
            except IntegrityError:
                one.scan.resident_id = None
                one.scan.classification = ScanClass.REVIEW
                one.scan.reason = "unknown_person"
                kept |= _keep([one])
        return kept


@transaction.atomic
def _keep(judged: list[_Judged]) -> dict[UUID, Kept]:
    records: dict[tuple[UUID, UUID], ParticipationRecord] = {}
    for one in judged:
        scan, venue = one.scan, one.venue
        if scan.classification != ScanClass.COUNTED or venue is None or scan.resident_id is None:
            continue
        person = scan.resident_id, venue.session.session_uuid
        if person in records:
            scan.classification = ScanClass.DUPLICATE
            continue
        records[person] = draft(
            scan.resident_id,
            venue.municipality,
            venue.session,
            CheckInMethod(scan.way),
        )
    kept = keep([one.scan for one in judged], list(records.values()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return kept


def _is_venue_code(text: str) -> bool:
    try:
        read_token(text.strip().rstrip("/").rsplit("/", 1)[-1])
    except BadToken:
        return False
    return True
