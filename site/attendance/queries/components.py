"""What is booked along with places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from attendance.models import SignUp
from attendance.rules.components import Booking, count
from attendance.rules.moves import HOLDING
from tenants.actors import weighing
from tenants.models import Municipality


def booked_components(
    municipality: Municipality, session_uuids: Iterable[UUID]
) -> dict[UUID, dict[str, int]]:
    """For each session with a booking, how many of which component (by its id) are held, with
    those of offered places; one statement."""
    # Numbers over everybody's bookings, which nobody but staff may read one by one.
    with weighing(municipality.code):
        rows = list(
            SignUp.objects.filter(
                municipality=municipality,
                session_uuid__in=list(session_uuids),
                status__in=HOLDING,
            )
            .order_by()
            .values_list("session_uuid", "components")
        )
    bookings: dict[UUID, list[Booking]] = defaultdict(list)
    for uuid, booking in rows:
        if booking:
            bookings[uuid].append(booking)
    return {uuid: dict(count(of_session)) for uuid, of_session in bookings.items()}
