"""What a municipality's survey holds of a person."""

from __future__ import annotations

from uuid import uuid4

from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from common import clock
from common.holdings import Holding, Person
from surveys.enums import TEXT_KINDS
from surveys.models import Answer


def _answers(person: Person) -> list[Answer]:
    return list(Answer.objects.filter(resident_id__in=person.residents))


def _sever_answers(person: Person) -> None:
    """Own words go. Choices are counted on, under a number that is nobody's: not the moment
    either leads back to a registration, only the month is left of it."""
    rows = Answer.objects.filter(resident_id__in=person.residents)
    rows.filter(kind__in=TEXT_KINDS).delete()
    rows.update(resident_id=uuid4(), answered_at=TruncMonth("answered_at", tzinfo=clock.TOKYO))


HOLDINGS = [
    Holding(
        table="surveys_answer",
        title=_("Your answers"),
        why=_("So that the municipality knows who registers with it. Until you close your account; "
              "choices are then counted on without you."),
        rows=_answers,
        fields=("survey", "question_text", "value", "is_current", "answered_at"),
        erase=_sever_answers,
        municipal=True,
    ),
]  # fmt: skip
