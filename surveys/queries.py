"""What can be asked of answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from surveys.enums import CommonQuestion, Interest, QuestionKind, Relation, Survey
from surveys.models import Answer

TEXT_KINDS = [QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT]
_LABELS = {
    CommonQuestion.RELATION.value: dict(Relation.choices),
    CommonQuestion.INTERESTS.value: dict(Interest.choices),
}


@dataclass(frozen=True)
class Tally:
    """How often each choice of one question was given, most often first.

    `answered` counts people. A question whose words were changed has a tally for each wording.
    """

    question_text: str
    answered: int
    counts: tuple[tuple[str, int], ...]


def current_answers(survey: Survey) -> QuerySet[Answer]:
    """The latest answers of everybody to one survey."""
    return Answer.objects.filter(survey=survey, is_current=True)


def written_answers(survey: Survey) -> QuerySet[Answer]:
    """Answers in people's own words, newest first."""
    return current_answers(survey).filter(kind__in=TEXT_KINDS).order_by("-answered_at", "pk")


def tallies(survey: Survey) -> list[Tally]:
    """A tally of each choice question, in one query; the database counts."""
    rows = (
        current_answers(survey)
        .exclude(kind__in=TEXT_KINDS)
        .values_list("question", "item_id", "question_text", "value")
        .annotate(Count("pk"))
        .order_by()
    )
    counts: dict[tuple[str, int | None, str], Counter[str]] = {}
    answered: Counter[tuple[str, int | None, str]] = Counter()
    for question, item_id, text, value, number in rows:
        key = (question, item_id, text)
        answered[key] += number
        chosen = value if isinstance(value, list) else [value]
        counts.setdefault(key, Counter()).update(dict.fromkeys(chosen, number))
    order = [*CommonQuestion.values, ""]
    return [
        Tally(
            key[2],
            answered[key],
            tuple(
                (str(_LABELS.get(key[0], {}).get(value, value)), number)
                for value, number in counts[key].most_common()
            ),
        )
        for key in sorted(counts, key=lambda key: (order.index(key[0]), key[1] or 0, key[2]))
    ]
