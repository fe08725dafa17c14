"""What came of a session: the organiser's report to the municipality (R17: plan and progress)."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction

from accounts.models import User
from activities.models import ActivityReport, Session
from activities.operations.letters import tell_coordinators
from common import clock
from common.refusal import Refused
from privacy.operations.known import remember
from tenants.context import current_municipality


@transaction.atomic
def hand_in_report(
    session: Session, by: User, *, people: int, done: str, hours: Decimal, problems: str = ""
) -> ActivityReport:
    """Keep the report on a session that is over; the same session again keeps the first one.

    Raises `Refused("session_not_over")`.
    """
    if not session.is_over:
        raise Refused("session_not_over")
    if known := ActivityReport.objects.filter(session=session).first():
        return known
    # Who handed it in stands in the schema, which says so to nobody outside.
    remember(by.resident, current_municipality())
    try:
        with transaction.atomic():
            report = ActivityReport.objects.create(
                session=session,
                people=people,
                done=done.strip(),
                hours=hours,
                problems=problems.strip(),
                handed_in_by=by,
                handed_in_at=clock.now(),
            )
    except IntegrityError:
        return ActivityReport.objects.get(session=session)
    tell_coordinators(session.page, "reported")
    return report
