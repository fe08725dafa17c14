"""What becomes of sign-ups when a session is called off, moved or published anew."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from activities.models import Session
from activities.rules.snapshot import SessionSnapshot
from attendance.enums import SignUpStatus
from attendance.models import Draw, SignUp
from attendance.operations.signing_up.drawing import commit
from attendance.operations.signing_up.letters import tell
from attendance.operations.signing_up.moving import move, promote_later
from attendance.rules.moves import OPEN
from common import clock
from tenants.models import Municipality


@transaction.atomic
def call_off(municipality: Municipality, session_uuid: UUID, reason: str) -> int:
    """Everybody's sign-up for a session is over, and they are told why. Safe to repeat."""
    Draw.objects.filter(session_uuid=session_uuid, drawn_at=None).update(due_at=None)
    rows = _open(municipality, session_uuid)
    for row in rows:
        row.municipality = municipality
        move(row, "cancel", reason=reason)
        tell(row, "cancelled")
    return len(rows)


@transaction.atomic
def move_session(municipality: Municipality, session: Session, was: SessionSnapshot) -> int:
    """Everybody's sign-up has the session's new times and place; they are told of the old ones
    and the new, and how to give the place back. Who is told already is not told twice, unless it
    is to meet elsewhere than it `was`."""
    meets_elsewhere = session.meeting_point != was.meeting_point
    moved = [
        row
        for row in _open(municipality, session.uuid)
        if meets_elsewhere
        or (row.starts_at, row.ends_at, row.place)
        != (session.starts_at, session.ends_at, session.place)
    ]
    for row in moved:
        before = row.starts_at, row.place
        row.municipality = municipality
        row.starts_at, row.ends_at, row.place = session.starts_at, session.ends_at, session.place
        row.sequence += 1
        row.reminded_at = None
        row.save(
            update_fields=[
                "starts_at", "ends_at", "place", "sequence", "reminded_at", "updated_at",
            ]
        )  # fmt: skip
        tell(
            row, "moved", before_at=before[0], before_place=before[1],
            meeting_point=session.meeting_point if meets_elsewhere else "",
        )  # fmt: skip
    return len(moved)


def settle(municipality: Municipality, sessions: Iterable[Session]) -> None:
    """After a publication: seeds of draws are committed to, and whoever waits is asked where
    there may be more places than before."""
    coming = [one for one in sessions if one.starts_at > clock.now()]
    for one in coming:
        if one.mode == "lottery":
            commit(municipality, one.uuid, one.apply_until or one.starts_at)
    waiting = SignUp.objects.filter(
        municipality=municipality,
        session_uuid__in=[one.uuid for one in coming],
        status=SignUpStatus.WAITING,
    )
    for uuid in waiting.order_by().values_list("session_uuid", flat=True).distinct():
        promote_later(municipality, uuid)


def _open(municipality: Municipality, session_uuid: UUID) -> list[SignUp]:
    return list(
        SignUp.objects.select_for_update(of=("self",))
        .filter(municipality=municipality, session_uuid=session_uuid, status__in=OPEN)
        .order_by("pk")
    )
