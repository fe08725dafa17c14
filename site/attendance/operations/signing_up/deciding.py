"""Staff accept or decline who has applied."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import User
from activities.queries import lock_session
from attendance.models import SignUp
from attendance.operations.signing_up.components import give_components
from attendance.operations.signing_up.letters import tell
from attendance.operations.signing_up.moving import locked, move
from attendance.queries import taken_places
from attendance.rules.moves import require_not_begun
from attendance.rules.places import free_places
from common import clock
from common.refusal import Refused
from tenants.models import Municipality


@transaction.atomic
def accept(municipality: Municipality, session_uuid: UUID, pk: int, by: User) -> SignUp:
    """Give a place to who has applied, or was declined by mistake; twice is once.

    Call it in the municipality's schema. Raises `Refused` with `session_gone`, `sign_up_gone`,
    `session_begun`, `place_left` (not enough places; capacity, taken, party) or
    `move_not_possible`, which it is too where a lot decides.
    """
    session = lock_session(session_uuid)
    if session is None:
        raise Refused("session_gone", municipality=municipality.full_name)
    row = locked(_of(municipality, session_uuid, pk))
    if row.status == "signed_up":
        return row
    require_not_begun(clock.now(), row.starts_at)
    if session.mode == "lottery":
        raise Refused("move_not_possible", move="accept", status=row.status)
    taken = taken_places(municipality, [session_uuid]).get(session_uuid, 0)
    free = free_places(session.capacity, taken)
    if free is not None and row.party > free:
        raise Refused("place_left", capacity=session.capacity, taken=taken, party=row.party)
    give_components(municipality, session, [row])
    move(row, "accept", by=by.pk, reason="")
    row.municipality = municipality
    tell(row, "accepted")
    return row


@transaction.atomic
def decline(
    municipality: Municipality, session_uuid: UUID, pk: int, by: User, reason: str
) -> SignUp:
    """Say no to who has applied or waits, with a `reason` that they are told; twice is once.

    Raises `Refused` with `sign_up_gone`, `session_begun`, `reason_missing` or
    `move_not_possible`.
    """
    if not reason.strip():
        raise Refused("reason_missing")
    row = locked(_of(municipality, session_uuid, pk))
    if row.status == "declined":
        return row
    require_not_begun(clock.now(), row.starts_at)
    move(row, "decline", by=by.pk, reason=reason.strip())
    row.municipality = municipality
    tell(row, "declined")
    return row


def _of(municipality: Municipality, session_uuid: UUID, pk: int):  # type: ignore[no-untyped-def]
    return SignUp.objects.filter(municipality=municipality, session_uuid=session_uuid, pk=pk)
