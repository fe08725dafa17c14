"""What a municipality asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.models import MunicipalConditions
from registration.rules.parameters import LEAST_PARTICIPATIONS
from tenants.models import Municipality

_HELP = {
    "needed_participations": _("Three or more: nationally three are required."),
    "category": _("Only where some of the participations must be of one field."),
    "hours": _("0 where hours don't matter. All designated sessions of the year are added up."),
    "asks_documents": _("Without a tick, whoever meets the conditions is registered at once."),
    "documents_wanted": _("The resident reads this before handing in."),
    "four_eyes": _("One proposes, another confirms. It applies where documents are checked."),
    "long_stay_days": _("Empty: no long stay is shown. The nation suggests 10 days."),
}


class ConditionsForm(forms.ModelForm):
    """All fields of one version. `seen` is the version that they were entered upon."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = MunicipalConditions
        fields = (
            "needed_participations",
            "category",
            "of_category",
            "hours",
            "asks_documents",
            "documents_wanted",
            "four_eyes",
            "renews_by_itself",
            "counts_cities",
            "long_stay_days",
        )
        help_texts = _HELP
        widgets = {"documents_wanted": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, data: Any = None, *, place: Municipality, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not place.is_prefecture:
            del self.fields["counts_cities"]
        needed = self.fields["needed_participations"]
        needed.min_value = LEAST_PARTICIPATIONS  # type: ignore[attr-defined]
        needed.error_messages["min_value"] = too_few()
        needed.validators = [_at_least_three]
        for name in ("of_category", "hours"):
            self.fields[name].required = False

    def clean_of_category(self) -> int:
        return self.cleaned_data["of_category"] or 0

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"] or 0
        if hours < 0:
            raise forms.ValidationError(_("Please enter 0 or more hours."))
        return hours

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("of_category") and not data.get("category"):
            self.add_error("category", _("Please choose the category."))
        if data.get("category") and not data.get("of_category"):
            self.add_error("of_category", _("Please enter how many must be of this category."))
        if (data.get("of_category") or 0) > (data.get("needed_participations") or 0) > 0:
            self.add_error(
                "of_category", _("This cannot be more than the participations needed in all.")
            )
        if data.get("asks_documents") and not data.get("documents_wanted"):
            self.add_error("documents_wanted", _("Please write down which documents."))
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def too_few() -> Any:
    return _(
        "Nationally at least 3 participations a year are required. A municipality may ask for "
        "more, but not for fewer."
    )


def _at_least_three(value: int) -> None:
    if value < LEAST_PARTICIPATIONS:
        raise forms.ValidationError(too_few(), code="min_value")
