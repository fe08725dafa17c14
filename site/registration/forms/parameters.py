"""A new version of the national parameters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common import clock
from registration.models import NationalParameters


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ParametersForm(forms.ModelForm):
    """Every field of a version; its name is given by the platform."""

    class Meta:
        model = NationalParameters
        fields = (
            "effective_from",
            "basic_name",
            "basic_name_en",
            "premium_name",
            "premium_name_en",
            "needed_participations",
            "window",
            "one_a_day",
            "max_premium",
            "adult_age",
            "countable_from",
            "release_after_months",
        )
        widgets = {
            "effective_from": _day(),
            "countable_from": _day(),
            "window": forms.RadioSelect,
        }
        help_texts = {
            "effective_from": _("Today or later. Decisions made before keep their version."),
            "needed_participations": _("Three or more."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("max_premium", "adult_age"):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]

    def clean_effective_from(self) -> Any:
        day = self.cleaned_data["effective_from"]
        if day < clock.today():
            raise forms.ValidationError(_("Please enter today or a later day."))
        return day

    def clean_max_premium(self) -> int:
        return _one_or_more(self.cleaned_data["max_premium"])

    def clean_adult_age(self) -> int:
        return _one_or_more(self.cleaned_data["adult_age"])


def _one_or_more(value: int) -> int:
    if value < 1:
        raise forms.ValidationError(_("Please enter 1 or more."))
    return value
