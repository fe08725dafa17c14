"""Keeping answers; giving roles their permissions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.models import Resident
from common import clock
from registration.operations.merge import municipalities_of
from surveys.enums import TEXT_KINDS, QuestionKind, Survey
from surveys.models import Answer, SurveyItem
from tenants.context import municipality_context
from tenants.staff.roles import Role

_EDITING = (Role.ADMINISTRATOR, Role.EDITOR)
_READING = (
    Role.ADMINISTRATOR,
    Role.EDITOR,
    Role.REGISTRATION_OFFICER,
    Role.COORDINATOR,
    Role.READER,
)
PERMISSIONS: dict[str, tuple[Role, ...]] = {
    "view_surveyitem": _EDITING,
    "add_surveyitem": _EDITING,
    "change_surveyitem": _EDITING,
    "delete_surveyitem": _EDITING,
    "view_answer": _READING,
}


@dataclass(frozen=True)
class GivenAnswer:
    """One answer as the form hands it over; either `question` or `item` says to what."""

    kind: QuestionKind
    question_text: str
    value: str | list[str]
    question: str = ""
    item: SurveyItem | None = None


@transaction.atomic
def keep_answers(resident_id: UUID, survey: Survey, answers: Sequence[GivenAnswer]) -> None:
    """Keep a resident's answers in the active schema; earlier ones stay, as history."""
    Answer.objects.filter(resident_id=resident_id, survey=survey, is_current=True).update(
        is_current=False
    )
    now = clock.now()
    Answer.objects.bulk_create(
        Answer(
            resident_id=resident_id,
            survey=survey,
            question=answer.question,
            item=answer.item,
            question_text=answer.question_text,
            kind=answer.kind,
            value=answer.value,
            answered_at=now,
        )
        for answer in answers
    )


def take_over(kept: Resident, other: Resident) -> None:
    """Two accounts of one person become one: the newer answers are the current ones."""
    for municipality in municipalities_of(kept):
        with municipality_context(municipality):
            moved = Answer.objects.filter(resident_id=other.pk)
            for survey in set(moved.values_list("survey", flat=True)):
                current = Answer.objects.filter(
                    resident_id__in=[kept.pk, other.pk], survey=survey, is_current=True
                )
                newest = current.order_by("-answered_at").first()
                if newest:
                    current.exclude(resident_id=newest.resident_id).update(is_current=False)
            moved.update(resident_id=kept.pk)


def delete_texts(resident_ids: Iterable[UUID]) -> None:
    """Delete what these people wrote in their own words to the active municipality. What they
    chose stays, for the totals, under numbers that say nobody's name."""
    Answer.objects.filter(resident_id__in=list(resident_ids), kind__in=TEXT_KINDS).delete()


def make_permissions() -> None:
    """Give the roles' groups of the active schema their permissions; safe to repeat."""
    groups = {group.name: group for group in Group.objects.filter(name__in=Role.values)}
    permissions = {
        permission.codename: permission
        for permission in Permission.objects.filter(
            content_type__app_label="surveys", codename__in=PERMISSIONS
        )
    }
    for code, roles in PERMISSIONS.items():
        for role in roles:
            groups[role].permissions.add(permissions[code])
