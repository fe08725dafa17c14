"""The registration survey as a form: common questions, then the municipality's own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from surveys.enums import CommonQuestion, Interest, QuestionKind, Relation
from surveys.models import SurveyItem
from surveys.operations import GivenAnswer

SHORT, LONG = 200, 2000
_ANSWER_MISSING = _("Please answer this question.")
_CHOICE_MISSING = _("Please choose at least one.")


class RegistrationSurveyForm(forms.Form):
    """Made for the items it is given; leaving out a required one is an error of that field."""

    relation = forms.MultipleChoiceField(
        label=CommonQuestion.RELATION.label,
        help_text=_("Choose all that apply."),
        choices=Relation.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _CHOICE_MISSING},
    )
    interests = forms.MultipleChoiceField(
        label=CommonQuestion.INTERESTS.label,
        help_text=_("Choose all that apply."),
        choices=Interest.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(
        self, data: Any = None, *, items: Iterable[SurveyItem] = (), prefix: str = "survey"
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.items = {f"item_{item.pk}": item for item in items}
        for name, item in self.items.items():
            self.fields[name] = field_for(item)

    def answers(self) -> list[GivenAnswer]:
        """What was answered, once the form is valid; questions left empty are left out."""
        given = []
        with translation.override("ja"):
            for question in CommonQuestion:
                given.append(
                    GivenAnswer(
                        kind=QuestionKind.SEVERAL_CHOICES,
                        question_text=str(question.label),
                        value=self.cleaned_data[question.value],
                        question=question.value,
                    )
                )
        for name, item in self.items.items():
            given.append(
                GivenAnswer(
                    kind=QuestionKind(item.kind),
                    question_text=item.text,
                    value=self.cleaned_data[name],
                    item=item,
                )
            )
        return [answer for answer in given if answer.value]


def field_for(item: SurveyItem) -> forms.Field:
    """The form field that asks one item."""
    common: dict[str, Any] = {
        "label": item.label,
        "help_text": item.hint,
        "required": item.required,
    }
    if item.kind == QuestionKind.ONE_CHOICE:
        return forms.ChoiceField(
            choices=item.options,
            widget=forms.RadioSelect,
            error_messages={"required": _("Please choose one.")},
            **common,
        )
    if item.kind == QuestionKind.SEVERAL_CHOICES:
        return forms.MultipleChoiceField(
            choices=item.options,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _CHOICE_MISSING},
            **common,
        )
    is_long = item.kind == QuestionKind.LONG_TEXT
    return forms.CharField(
        max_length=LONG if is_long else SHORT,
        widget=forms.Textarea(attrs={"rows": 5}) if is_long else forms.TextInput(),
        error_messages={"required": _ANSWER_MISSING},
        **common,
    )
