"""Items and answers of the registration survey."""

from __future__ import annotations

from typing import Any

from surveys.enums import QuestionKind
from surveys.models import SurveyItem
from tenants.context import municipality_context
from tenants.models import Municipality


def make_item(
    municipality: Municipality, text: str = "好きな魚は何ですか。", **fields: Any
) -> SurveyItem:
    """A survey item of one municipality; a short text, not required, unless said otherwise."""
    if fields.get("kind") in {QuestionKind.ONE_CHOICE, QuestionKind.SEVERAL_CHOICES}:
        fields.setdefault("choices", "さんま\nかつお\nさめ")
    with municipality_context(municipality):
        return SurveyItem.objects.create(text=text, **fields)


def survey_data(**more: Any) -> dict[str, Any]:
    """A POST of the registration screen with the common question answered and consent given."""
    return {"survey-relation": ["hometown_tax"], "agree": "on", **more}
