"""The forms by which a resident says that earlier participations are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.claim import ClaimCodeField
from accounts.forms.fields import BirthDateField
from common.text import normalise_name


class CodeForm(forms.Form):
    """The code on a municipality's letter."""

    code = ClaimCodeField(
        label=_("Code on the letter"),
        help_text=_("Twelve letters and numbers, for example 7K2M-9QXD-4TBH."),
        max_length=40,
        error_messages={
            "mistyped": _(
                "This code is not right. Please compare the twelve letters and numbers with those "
                "on the letter."
            )
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class NameForm(forms.Form):
    """What the municipality wrote down of the participant at the time."""

    municipality = forms.ChoiceField(label=_("Municipality of the activity"))
    name = forms.CharField(
        label=_("Name at the time"),
        max_length=90,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birth_date = BirthDateField(
        label=_("Date of birth"), help_text=_("For example Shōwa 38, month 4, day 2.")
    )
    phone = forms.CharField(
        label=_("Telephone number at the time"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, places: Sequence[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {place.code: place for place in places}
        self.fields["municipality"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")),
            *((code, place.full_name) for code, place in self.places.items()),
        ]

    def clean_name(self) -> str:
        return normalise_name(self.cleaned_data["name"])

    def clean_municipality(self) -> Any:
        return self.places[self.cleaned_data["municipality"]]
