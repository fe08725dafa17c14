"""Reports of what people did for a remote activity, and their review (R30)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import Resident, User
from activities.queries import session_by_uuid
from attendance.enums import CheckInMethod, ReportStatus
from attendance.models import ParticipationReport
from attendance.operations.check_in import at_municipality
from attendance.operations.ledger.record import record_participation
from common import clock
from common.refusal import Refused
from tenants.models import Municipality


@transaction.atomic
def hand_in_report(
    resident: Resident, municipality: Municipality, session_uuid: UUID, text: str
) -> ParticipationReport:
    """Hand in what one did; a report that waits or was returned is written anew.

    Raises `Refused` with `session_gone`, `session_not_remote`, `session_not_begun`, or
    `report_accepted` once it counts.
    """
    with at_municipality(municipality.code):
        session = session_by_uuid(session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        if not session.page.is_remote:
            raise Refused("session_not_remote")
        if not session.has_begun:
            raise Refused("session_not_begun")
        title = session.page.title
    report, made = ParticipationReport.objects.select_for_update(of=("self",)).get_or_create(
        resident=resident,
        session_uuid=session_uuid,
        defaults={
            "municipality": municipality,
            "activity_title": title,
            "text": text,
            "handed_in_at": clock.now(),
        },
    )
    if not made:
        if report.status == ReportStatus.ACCEPTED:
            raise Refused("report_accepted")
        report.text, report.handed_in_at = text, clock.now()
        report.status = ReportStatus.HANDED_IN
        report.save(update_fields=["text", "handed_in_at", "status"])
    return report


@transaction.atomic
def review_report(
    municipality: Municipality,
    session_uuid: UUID,
    report_id: UUID,
    *,
    accept: bool,
    reason: str,
    by: User,
) -> ParticipationReport:
    """Accept a report into the ledger, or return it with a reason; in the municipality's schema.

    Who accepted stands in the ledger. One that is decided stays so. Raises `Refused` with
    `report_unknown`, `session_gone`, or `reason_missing` for a return without one.
    """
    report = (
        ParticipationReport.objects.select_for_update(of=("self",))
        .filter(municipality=municipality, session_uuid=session_uuid, pk=report_id)
        .first()
    )
    if report is None:
        raise Refused("report_unknown")
    if report.status != ReportStatus.HANDED_IN:
        return report
    if accept:
        session = session_by_uuid(session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        report.record = record_participation(
            Resident(pk=report.resident_id),
            municipality,
            session.snapshot(),
            CheckInMethod.REPORT,
            recorded_by=by,
        ).record
        report.status = ReportStatus.ACCEPTED
    elif not reason.strip():
        raise Refused("reason_missing")
    else:
        report.status = ReportStatus.RETURNED
    report.reason, report.reviewed_by, report.reviewed_at = reason, by, clock.now()
    report.save(update_fields=["status", "reason", "reviewed_by", "reviewed_at", "record"])
    return report
