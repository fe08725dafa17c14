"""What can be asked of participants' words, by the author, staff, organisations and visitors."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from accounts.models import Resident
from attendance.enums import VoiceState
from attendance.models import ParticipationRecord, Voice
from attendance.queries import records_of_person
from tenants.models import Municipality

VOICES_PER_PAGE = 10
_WAITS = Q(state=VoiceState.WAITING) | Q(
    state=VoiceState.PUBLISHED, answer__state=VoiceState.WAITING
)


def record_to_speak_of(
    resident: Resident, municipality: Municipality, session_uuid: UUID
) -> ParticipationRecord | None:
    """The record that counts of a person at a session of this municipality."""
    rows = records_of_person(resident.pk)
    return rows.filter(municipality=municipality, session_uuid=session_uuid).first()


def voice_of(resident: Resident, municipality: Municipality, session_uuid: UUID) -> Voice | None:
    """A person's own words about a session of this municipality, with the answer."""
    rows = Voice.objects.of_person(resident.pk).select_related("answer")
    return rows.filter(municipality=municipality, session_uuid=session_uuid).first()


def voices_of(resident: Resident) -> dict[UUID, Voice]:
    """A person's own words, by session; one query."""
    return {one.session_uuid: one for one in Voice.objects.of_person(resident.pk)}


def published_voices(
    municipality: Municipality, session_uuids: Collection[UUID]
) -> QuerySet[Voice]:
    """What everybody may read about these sessions, newest first, with the answers."""
    return Voice.objects.filter(
        municipality=municipality,
        session_uuid__in=list(session_uuids),
        state=VoiceState.PUBLISHED,
    ).select_related("answer")


def voices_for_staff(municipality: Municipality) -> QuerySet[Voice]:
    """All of this municipality, newest first, with the answers and who decided."""
    return Voice.objects.filter(municipality=municipality).select_related(
        "answer__decided_by", "decided_by"
    )


def voices_to_read(municipality: Municipality) -> QuerySet[Voice]:
    """Those that nobody has decided on, or whose answer nobody has; the oldest first."""
    return voices_for_staff(municipality).filter(_WAITS).order_by("written_at", "pk")


def how_many_to_read(municipality: Municipality) -> tuple[int, datetime | None]:
    """How many wait, and since when; one query."""
    rows = Voice.objects.filter(_WAITS, municipality=municipality).order_by()
    found = rows.aggregate(number=Count("pk"), since=Min("written_at"))
    return found["number"], found["since"]
