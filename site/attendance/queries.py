"""What can be asked of sign-ups and the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Resident
from attendance.enums import SignUpStatus
from attendance.models import ParticipationRecord, SignUp
from common import clock
from tenants.actors import weighing
from tenants.models import Municipality

_GOVERNMENT = "municipality__local_government__prefecture"


def participations_of(resident: Resident) -> QuerySet[ParticipationRecord]:
    """A resident's participations in all municipalities, newest first."""
    return ParticipationRecord.objects.filter(resident=resident).select_related(_GOVERNMENT)


def upcoming_of(resident: Resident) -> QuerySet[SignUp]:
    """Sessions a resident has a place in and that are not over, soonest first."""
    return (
        SignUp.objects.filter(
            resident=resident, status=SignUpStatus.SIGNED_UP, ends_at__gte=clock.now()
        )
        .select_related(_GOVERNMENT)
        .order_by("starts_at")
    )


def sign_up_of(resident: Resident, session_uuid: UUID) -> SignUp | None:
    """The resident's place in one session, if there is one."""
    return SignUp.objects.filter(
        resident=resident, session_uuid=session_uuid, status=SignUpStatus.SIGNED_UP
    ).first()


def taken_places(municipality: Municipality, session_uuids: Iterable[UUID]) -> dict[UUID, int]:
    """How many places are taken in each session; sessions without a sign-up are left out."""
    # A number over everybody's places, which nobody but staff may read one by one.
    with weighing(municipality.code):
        return dict(
            SignUp.objects.filter(
                municipality=municipality,
                session_uuid__in=list(session_uuids),
                status=SignUpStatus.SIGNED_UP,
            )
            .values_list("session_uuid")
            .annotate(Count("pk"))
            .order_by()
        )


def sign_ups_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[SignUp]:
    """Who has a place in a session of this municipality, in the order of signing up."""
    return SignUp.objects.filter(
        municipality=municipality, session_uuid=session_uuid, status=SignUpStatus.SIGNED_UP
    ).order_by("created_at")


def records_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[ParticipationRecord]:
    """Who took part in a session of this municipality."""
    return ParticipationRecord.objects.filter(
        municipality=municipality, session_uuid=session_uuid
    ).order_by("recorded_at")


def status_of_sessions(
    municipality: Municipality, session_uuids: list[UUID], resident: Resident | None
) -> dict[UUID, tuple[int, bool]]:
    """For each session with a sign-up: places taken, and whether `resident` has one."""
    mine = Q(resident=resident) if resident else Q(pk=None)
    rows = (
        SignUp.objects.filter(
            municipality=municipality,
            session_uuid__in=session_uuids,
            status=SignUpStatus.SIGNED_UP,
        )
        .values_list("session_uuid")
        .annotate(taken=Count("pk"), own=Count("pk", filter=mine))
        .order_by()
    )
    with weighing(municipality.code):  # as in `taken_places`
        return {uuid: (taken, bool(own)) for uuid, taken, own in rows}


def sessions_with_people(session_uuids: list[UUID]) -> set[UUID]:
    """Those of the sessions that anybody signed up for or took part in."""
    signed_up = SignUp.objects.filter(
        session_uuid__in=session_uuids, status=SignUpStatus.SIGNED_UP
    ).values_list("session_uuid", flat=True)
    took_part = ParticipationRecord.objects.filter(session_uuid__in=session_uuids).values_list(
        "session_uuid", flat=True
    )
    return set(signed_up.union(took_part))
