"""What staff decide of a reading that did not count by itself."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import Resident, User
from activities.queries import session_by_uuid
from attendance.enums import CheckInMethod, ScanClass, ScanDecision
from attendance.models import Scan, ScanReview
from attendance.operations.ledger.record import record_participation
from common import clock
from common.refusal import Refused
from tenants.models import Municipality

# What somebody can answer for who was there. A forged or withdrawn code nobody can.
OPEN_TO_REVIEW = (ScanClass.REVIEW, ScanClass.EARLY, ScanClass.LATE)


@transaction.atomic
def review_scan(
    municipality: Municipality,
    session_uuid: UUID,
    scan_id: int,
    decision: ScanDecision,
    reason: str,
    by: User,
) -> ScanReview:
    """Accept a reading into the ledger, by the way it was read and in `by`'s name, or leave it.

    In the municipality's schema. Decided once: asked again, the first decision is returned.
    Raises `Refused` with `scan_unknown`, `not_for_review`, `nobody_to_record` or `session_gone`.
    """
    # Rows that nobody may change cannot be locked; whoever is second finds the first's decision.
    scan = Scan.objects.filter(
        municipality=municipality, session_uuid=session_uuid, pk=scan_id
    ).first()
    if scan is None:
        raise Refused("scan_unknown")
    if scan.classification not in OPEN_TO_REVIEW:
        raise Refused("not_for_review")
    decided = ScanReview.objects.filter(scan=scan).first()
    if decided is not None:
        return decided
    record = None
    if decision == ScanDecision.ACCEPTED:
        if scan.resident_id is None:
            raise Refused("nobody_to_record")
        session = session_by_uuid(session_uuid)
        if session is None:
            raise Refused("session_gone", municipality=municipality.full_name)
        record = record_participation(
            Resident(pk=scan.resident_id),
            municipality,
            session.snapshot(),
            CheckInMethod(scan.way),
            recorded_by=by,
        ).record
    review, _made = ScanReview.objects.get_or_create(
        scan=scan,
        defaults={
            "municipality": municipality,
            "decision": decision,
            "reason": reason,
            "record": record,
            "decided_by": by,
            "decided_at": clock.now(),
        },
    )
    return review
