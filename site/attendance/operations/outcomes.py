"""What the organiser says: who took part, who was excused, who did not come; and that it is all."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import Resident, User
from activities.queries import session_by_uuid
from attendance.enums import Attendance, CheckInMethod
from attendance.models import Outcome, SessionClosing, SignUp
from attendance.operations.ledger.amend import require_hours
from attendance.operations.ledger.record import record_participation
from attendance.queries import records_for, sign_ups_for
from common import clock
from common.refusal import Refused
from tenants.models import Municipality


@transaction.atomic
def say_outcome(
    municipality: Municipality,
    session_uuid: UUID,
    sign_up_id: int,
    outcome: Attendance,
    by: User,
    *,
    hours: Decimal | None = None,
    by_organisation: bool = False,
) -> Outcome:
    """What became of a sign-up, by the organiser's word (R30); in the municipality's schema.

    Who took part is written into the ledger, with `hours` or the session's. Raises `Refused`
    with `sign_up_unknown`, `session_gone`, `session_not_begun`, `hours_out_of_range` as
    `most_hours` says, or `is_recorded` where the ledger
    says that somebody came and the organiser says that they did not: that is a correction of
    the ledger, with a reason, and not an outcome.
    """
    place = sign_ups_for(municipality, session_uuid).filter(pk=sign_up_id).first()
    if place is None:
        raise Refused("sign_up_unknown")
    session = session_by_uuid(session_uuid)
    if session is None:
        raise Refused("session_gone", municipality=municipality.full_name)
    if outcome != Attendance.EXCUSED and not session.has_begun:
        raise Refused("session_not_begun")
    if hours is not None:
        require_hours(hours, session.hours, by_organisation=by_organisation)
    if outcome == Attendance.ATTENDED:
        record_participation(
            Resident(pk=place.resident_id),
            municipality,
            session.snapshot(),
            CheckInMethod.ORGANISER,
            hours=hours,
            recorded_by=by,
        )
    elif _is_recorded(municipality, place):
        raise Refused("is_recorded")
    return Outcome.objects.create(
        resident_id=place.resident_id,
        municipality=municipality,
        session_uuid=session_uuid,
        outcome=outcome,
        decided_by=by,
        decided_at=clock.now(),
    )


def close_session(municipality: Municipality, session_uuid: UUID, by: User) -> SessionClosing:
    """The organiser's confirmation of who came: what is read after it goes to review.

    In the municipality's schema; safe to repeat, the first holds. Raises `Refused` with
    `session_gone` or `session_not_over`.
    """
    session = session_by_uuid(session_uuid)
    if session is None:
        raise Refused("session_gone", municipality=municipality.full_name)
    if not session.is_over:
        raise Refused("session_not_over")
    try:
        with transaction.atomic():
            return SessionClosing.objects.create(
                municipality=municipality,
                session_uuid=session_uuid,
                attended=records_for(municipality, session_uuid).count(),
                closed_by=by,
                closed_at=clock.now(),
            )
    except IntegrityError:
        return SessionClosing.objects.get(municipality=municipality, session_uuid=session_uuid)


def _is_recorded(municipality: Municipality, place: SignUp) -> bool:
    records = records_for(municipality, place.session_uuid)
    return records.filter(resident_id=place.resident_id).exists()
