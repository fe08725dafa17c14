"""Entering the list on paper: who was ticked at the venue."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import Resident, User
from activities.queries import session_by_uuid
from attendance.enums import CheckInMethod
from attendance.operations.ledger.amend import require_hours
from attendance.operations.ledger.record import record_participation
from attendance.queries import sign_ups_for
from common.refusal import Refused
from tenants.models import Municipality


@transaction.atomic
def enter_paper_list(
    municipality: Municipality,
    session_uuid: UUID,
    ticked: Mapping[int, Decimal | None],
    by: User,
    *,
    by_organisation: bool = False,
) -> int:
    """Record those whose sign-ups are `ticked`, with their hours or the session's; in the
    municipality's schema. Returns how many are new: whoever is recorded already stays as they are.

    All or nobody. Raises `Refused` with `session_gone`, `session_not_begun`, `session_not_at_place`
    (R30: nobody ticks a list from afar), `hours_out_of_range` as `most_hours` says, or
    `sign_up_unknown`.
    """
    session = session_by_uuid(session_uuid)
    if session is None:
        raise Refused("session_gone", municipality=municipality.full_name)
    if session.page.is_remote:
        raise Refused("session_not_at_place")
    if not session.has_begun:
        raise Refused("session_not_begun")
    for hours in ticked.values():
        if hours is not None:
            require_hours(hours, session.hours, by_organisation=by_organisation)
    # In the ledger's order: a phone's batch of the same people waits for this, never in a circle.
    places = list(
        sign_ups_for(municipality, session_uuid).filter(pk__in=ticked).order_by("resident_id")
    )
    if len(places) != len(ticked):
        raise Refused("sign_up_unknown")
    snapshot = session.snapshot()
    made = [
        record_participation(
            Resident(pk=place.resident_id),
            municipality,
            snapshot,
            CheckInMethod.PAPER_LIST,
            hours=ticked[place.pk],
            recorded_by=by,
        )
        for place in places
    ]
    return sum(one.is_new for one in made)
