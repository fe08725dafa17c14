"""What a coordinator's desk shows of sign-ups and participations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from attendance.enums import TO_ANSWER, ReportStatus, SignUpStatus
from attendance.models import ParticipationRecord, ParticipationReport, SignUp
from attendance.rules.moves import OPEN
from common import clock
from tenants.models import Municipality


def numbers_of_sessions(
    municipality: Municipality, session_uuids: Collection[UUID]
) -> dict[UUID, tuple[int, int]]:
    """For each session with people: who has a place, and who took part. Two queries."""
    of_these = {"municipality": municipality, "session_uuid__in": session_uuids}
    places = SignUp.objects.filter(status=SignUpStatus.SIGNED_UP, **of_these)
    counts = [
        dict(rows.order_by().values_list("session_uuid").annotate(Count("pk")))
        for rows in (places, ParticipationRecord.objects.counted().filter(**of_these))
    ]
    taken, came = counts
    return {uuid: (taken.get(uuid, 0), came.get(uuid, 0)) for uuid in taken.keys() | came.keys()}


def people_to_tell(municipality: Municipality, session_uuid: UUID) -> int:
    """How many sign-ups a change of the session concerns: with a place, applied, or in line."""
    of_this = {"municipality": municipality, "session_uuid": session_uuid}
    return SignUp.objects.filter(status__in=OPEN, **of_this).count()


Waiting = tuple[UUID, str, int, datetime]
"""Session, name of the activity, how many wait, and the moment they are sorted by."""


def sign_ups_to_answer(municipality: Municipality, most: int) -> list[Waiting]:
    """Sign-ups that somebody has to decide on, with the start of the session, soonest first."""
    rows = SignUp.objects.filter(
        municipality=municipality, status__in=TO_ANSWER, ends_at__gte=clock.now()
    )
    return _by_session(rows, "starts_at", most)


def reports_to_review(municipality: Municipality, most: int) -> list[Waiting]:
    """As `sign_ups_to_answer`, of reports on remote activities, with the moment of the first;
    the oldest first (R30)."""
    rows = ParticipationReport.objects.filter(
        municipality=municipality, status=ReportStatus.HANDED_IN
    )
    return _by_session(rows, "handed_in_at", most)


def _by_session(rows: QuerySet[Any], moment: str, most: int) -> list[Waiting]:
    found = (
        rows.order_by()
        .values("session_uuid")
        .annotate(title=Max("activity_title"), number=Count("pk"), first=Min(moment))
        .order_by("first", "session_uuid")[:most]
    )
    return [(row["session_uuid"], row["title"], row["number"], row["first"]) for row in found]
