"""The day before, everybody with a place is reminded once."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import transaction

from activities.models import Session
from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.operations.signing_up.letters import tell
from attendance.rules.places import reminder_day
from common import clock
from tenants.context import municipality_context
from tenants.models import Municipality


def remind() -> int:
    """Remind of tomorrow's sessions, by day; the owner's, by the clock. Returns how many were."""
    day = reminder_day(clock.now())
    if day is None:
        return 0
    due = SignUp.objects.filter(
        status=SignUpStatus.SIGNED_UP,
        reminded_at=None,
        starts_at__gte=day[0],
        starts_at__lt=day[1],
    ).values_list("municipality", "session_uuid", "pk")
    by_place: dict[str, dict[UUID, list[int]]] = defaultdict(lambda: defaultdict(list))
    for code, session, pk in due:
        by_place[code][session].append(pk)
    places = Municipality.objects.select_related("local_government__prefecture").in_bulk(by_place)
    return sum(_at(places[code], sessions) for code, sessions in by_place.items())


def _at(municipality: Municipality, wanted: dict[UUID, list[int]]) -> int:
    reminded = 0
    with municipality_context(municipality):
        sessions = {one.uuid: one for one in Session.objects.public().filter(uuid__in=list(wanted))}
        for uuid, pks in wanted.items():
            if uuid in sessions:
                reminded += sum(_one(municipality, sessions[uuid], pk) for pk in pks)
    return reminded


@transaction.atomic
def _one(municipality: Municipality, session: Session, pk: int) -> bool:
    """Mark and mail are one transaction: a mail for each mark, and no second one."""
    row = (
        SignUp.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(pk=pk, status=SignUpStatus.SIGNED_UP, reminded_at=None)
        .first()
    )
    if row is None:
        return False
    row.municipality = municipality
    row.reminded_at = clock.now()
    row.save(update_fields=["reminded_at"])
    tell(
        row,
        "reminder",
        meeting_point=session.meeting_point,
        belongings=session.page.belongings,
        contact_phone=session.page.contact_phone,
    )
    return True
