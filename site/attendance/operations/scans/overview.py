"""What a session's readings add up to: the counter, what waits for review, what is odd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from attendance.enums import Attendance, CheckInMethod, ReportStatus, ScanClass
from attendance.models import (
    Outcome,
    ParticipationRecord,
    ParticipationReport,
    Scan,
    ScanDevice,
    ScanReview,
    SignUp,
)
from attendance.operations.scans.review import OPEN_TO_REVIEW
from attendance.queries import records_for, sign_ups_for
from attendance.rules.classification import gaps
from attendance.rules.oddities import Oddity, Seen, Stay, oddities
from tenants.models import Municipality


@dataclass(frozen=True)
class LiveCount:
    """How a session stands now. `to_review` are readings nobody has decided yet."""

    signed_up: int
    came: int
    without_sign_up: int
    to_review: int
    last_at: datetime | None


def live_count(municipality: Municipality, session_uuid: UUID) -> LiveCount:
    """Three statements, cheap enough to be asked every few seconds."""
    signed = sign_ups_for(municipality, session_uuid).filter(resident_id=OuterRef("resident_id"))
    records = records_for(municipality, session_uuid).order_by()
    of_records = records.annotate(expected=Exists(signed)).aggregate(
        came=Count("pk"),
        expected_came=Count("pk", filter=Q(expected=True)),
        last=Max("recorded_at"),
    )
    waiting = waiting_for_review(municipality, session_uuid)
    of_others = sign_ups_for(municipality, session_uuid).order_by()
    signed_up = of_others.count()
    return LiveCount(
        signed_up=signed_up,
        came=of_records["came"],
        without_sign_up=of_records["came"] - of_records["expected_came"],
        to_review=waiting.count(),
        last_at=of_records["last"],
    )


def waiting_for_review(municipality: Municipality, session_uuid: UUID) -> QuerySet[Scan]:
    """Readings that somebody has to decide, oldest first. Of a person who came in another way
    there is nothing left to decide."""
    came = records_for(municipality, session_uuid).filter(resident_id=OuterRef("resident_id"))
    return Scan.objects.filter(
        ~Exists(ScanReview.objects.filter(scan=OuterRef("pk"))),
        ~Exists(came.order_by()),
        municipality=municipality,
        session_uuid=session_uuid,
        classification__in=OPEN_TO_REVIEW,
    ).order_by("made_at", "pk")


def odd_readings(municipality: Municipality, session_uuid: UUID) -> list[tuple[Oddity, list[Scan]]]:
    """What is odd about the readings that counted, with the readings. Two statements.

    Only this municipality's records are looked at; of others', see `recorded_elsewhere`.
    """
    scans = {
        scan.pk: scan
        for scan in Scan.objects.filter(
            municipality=municipality, session_uuid=session_uuid, classification=ScanClass.COUNTED
        )
    }
    seen = [
        Seen(
            scan=scan.pk,
            person=scan.resident_id,
            browser=scan.browser,
            made_at=scan.made_at,
            from_poster=scan.way == CheckInMethod.VENUE_CODE,
        )
        for scan in scans.values()
        if scan.resident_id is not None
    ]
    rows = (
        ParticipationRecord.objects.filter(
            municipality=municipality, resident_id__in=[one.person for one in seen]
        )
        .counted()  # who was not there after all was in no two places
        .values_list("resident_id", "session_uuid", "starts_at", "ends_at")
    )
    found = oddities(seen, session_uuid, [Stay(*row) for row in rows.order_by()])
    return [(oddity, [scans[pk] for pk in oddity.scans]) for oddity in found]


def recorded_elsewhere(
    municipality: Municipality, session_uuid: UUID
) -> QuerySet[ParticipationRecord]:
    """Records of the session that count, of people whom another municipality has recorded at the
    same time, whatever the way. Neither learns more of the other than that: `guard.elsewhere`
    looks past the wall, for staff alone."""
    found = RawSQL("SELECT guard.elsewhere(%s)", [session_uuid])
    return records_for(municipality, session_uuid).filter(pk__in=found)


def entered_elsewhere(
    municipality: Municipality, session_uuid: UUID
) -> QuerySet[ParticipationRecord]:
    """Records of the session that count and that no reading made, of people whom this municipality
    has at another session at the same time: `odd_readings` knows readings alone."""
    same = {"municipality": municipality, "resident_id": OuterRef("resident_id")}
    read = Scan.objects.filter(
        session_uuid=session_uuid, classification=ScanClass.COUNTED, **same
    ).order_by()
    others = (
        ParticipationRecord.objects.counted()
        .filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"), **same)
        .exclude(session_uuid=session_uuid)
        .exclude(method=CheckInMethod.IMPORTED)
        .order_by()
    )
    return records_for(municipality, session_uuid).filter(~Exists(read), Exists(others))


def not_recorded(municipality: Municipality, session_uuid: UUID) -> QuerySet[SignUp]:
    """Who has a place and no record, voided ones neither: whom a paper list can still name."""
    records = ParticipationRecord.objects.filter(
        municipality=municipality, session_uuid=session_uuid, resident_id=OuterRef("resident_id")
    )
    return sign_ups_for(municipality, session_uuid).filter(~Exists(records.order_by()))


def missing_numbers(
    municipality: Municipality, session_uuid: UUID
) -> dict[UUID, list[tuple[int, int]]]:
    """Of each device of the session: runs of readings that it made and that have not arrived."""
    numbers: dict[UUID, list[int]] = {}
    rows = Scan.objects.filter(
        municipality=municipality,
        device__session_uuid=session_uuid,
        sequence__isnull=False,
    )
    for device, sequence in rows.order_by().values_list("device_id", "sequence"):
        if device is not None and sequence is not None:
            numbers.setdefault(device, []).append(sequence)
    return {device: missing for device, seen in numbers.items() if (missing := gaps(seen))}


def devices_of(municipality: Municipality, session_uuid: UUID) -> QuerySet[ScanDevice]:
    """Phones and tablets of a session, with how much each has sent."""
    devices = ScanDevice.objects.filter(municipality=municipality, session_uuid=session_uuid)
    return devices.select_related("created_by").annotate(
        sent=Count("scans"), last_sent=Max("scans__received_at")
    )


def outcomes_of(municipality: Municipality, session_uuid: UUID) -> list[tuple[SignUp, str]]:
    """Who signed up, and what became of it: `attended` by the ledger, else what the organiser
    said last, else "". Three statements."""
    came = set(records_for(municipality, session_uuid).values_list("resident_id", flat=True))
    said = dict(
        Outcome.objects.filter(municipality=municipality, session_uuid=session_uuid)
        .order_by("pk")
        .values_list("resident_id", "outcome")
    )
    return [
        (
            place,
            Attendance.ATTENDED.value
            if place.resident_id in came
            else said.get(place.resident_id, ""),
        )
        for place in sign_ups_for(municipality, session_uuid)
    ]


def reports_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[ParticipationReport]:
    """Reports on a session that wait for a decision, oldest first."""
    return ParticipationReport.objects.filter(
        municipality=municipality, session_uuid=session_uuid, status=ReportStatus.HANDED_IN
    ).order_by("handed_in_at")
