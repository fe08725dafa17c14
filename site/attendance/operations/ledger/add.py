"""Entering by hand who took part and has no record."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident, User
from activities.rules.snapshot import SessionSnapshot
from attendance.enums import CheckInMethod
from attendance.models import SignUp
from attendance.operations.ledger.record import CheckIn, record_participation
from common import clock
from common.refusal import Refused


@transaction.atomic
def add_by_hand(sign_up: SignUp, session: SessionSnapshot, by: User, reason: str) -> CheckIn:
    """Record that whoever signed up took part, on the organiser's word; safe to repeat.

    Raises `Refused("no_reason")`, `Refused("session_not_begun")` and, where staff have voided the
    record, `Refused("restore_instead")`.
    """
    if not reason.strip():
        raise Refused("no_reason")
    if clock.now() < session.starts_at:
        raise Refused("session_not_begun")
    made = record_participation(
        Resident(pk=sign_up.resident_id),
        sign_up.municipality,
        session,
        CheckInMethod.ORGANISER,
        recorded_by=by,
        remark=reason.strip(),
    )
    if made.is_voided:
        raise Refused("restore_instead")
    return made
