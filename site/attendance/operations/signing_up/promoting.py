"""Places that became free go to whoever waits."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from activities.queries import lock_session
from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.operations.signing_up.components import give_components
from attendance.operations.signing_up.letters import tell
from attendance.operations.signing_up.moving import move, promote_later
from attendance.queries import taken_places
from attendance.rules.places import Group, allot, answer_by, free_places
from common import clock
from tenants.context import municipality_context
from tenants.models import Municipality


@transaction.atomic
def promote(municipality: Municipality, session_uuid: UUID) -> int:
    """Offer free places to those at the front of the line whose group they are enough for, or,
    near the start, give them; with what is left of what they wished to book along. Safe to
    repeat; returns how many were offered or given."""
    with municipality_context(municipality):
        session = lock_session(session_uuid)
        now = clock.now()
        if session is None or session.starts_at <= now or session.is_cancelled:
            return 0
        waiting = {
            str(row.pk): row
            for row in SignUp.objects.select_for_update(of=("self",))
            .filter(
                municipality=municipality,
                session_uuid=session_uuid,
                status=SignUpStatus.WAITING,
            )
            .order_by("line", "pk")
        }
        taken = taken_places(municipality, [session_uuid]).get(session_uuid, 0)
        line = [Group(key, row.party) for key, row in waiting.items()]
        served, _left = allot(free_places(session.capacity, taken), line)
        until = answer_by(now, session.starts_at, session.answer_hours)
        give_components(municipality, session, [waiting[group.key] for group in served])
        for group in served:
            row = waiting[group.key]
            row.municipality = municipality
            if until is None:
                move(row, "promote")
                tell(row, "signed_up")
            else:
                move(row, "offer", answer_by=until)
                tell(row, "offered")
        return len(served)


@transaction.atomic
def lapse(pk: int) -> bool:
    """Take back a place that was offered and not answered in time, and ask the next. False where
    it was answered meanwhile, or somebody else is at it."""
    row = (
        SignUp.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, status=SignUpStatus.OFFERED, answer_by__lte=clock.now())
        .select_related("municipality__local_government__prefecture")
        .first()
    )
    if row is None:
        return False
    move(row, "lapse")
    tell(row, "lapsed")
    promote_later(row.municipality, row.session_uuid)
    return True


def lapse_due() -> int:
    """`lapse` every offer whose time is over; the owner's, by the clock."""
    due = SignUp.objects.filter(status=SignUpStatus.OFFERED, answer_by__lte=clock.now())
    return sum(lapse(pk) for pk in due.order_by("answer_by").values_list("pk", flat=True))
