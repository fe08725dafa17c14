"""The six digits of the day, and where."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Resident
from attendance.codes.day import DIGITS
from attendance.queries import upcoming_of
from tenants.enums import MunicipalityStatus
from tenants.queries import municipalities_with_status


class DigitsForm(forms.Form):
    """Where is asked only of municipalities: the digits say which of its sessions of today. Those
    that the person has signed up with stand first, and one alone is chosen already."""

    municipality = forms.ChoiceField(label=_("Municipality of the activity"))
    digits = forms.CharField(
        label=_("Six-digit number"),
        max_length=20,
        help_text=_("It is on the poster at the venue."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, resident: Resident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        joined = list(dict.fromkeys(place.municipality_id for place in upcoming_of(resident)))
        names = {
            place.code: place.full_name
            for place in municipalities_with_status(MunicipalityStatus.PUBLISHED)
        }
        first = [(code, names[code]) for code in joined if code in names]
        rest = [(code, name) for code, name in names.items() if code not in joined]
        field = self.fields["municipality"]
        field.choices = [("", _("Please choose")), *first, *rest]  # type: ignore[attr-defined]
        if first:
            field.initial = first[0][0]

    def clean_digits(self) -> str:
        """Full-width digits, spaces and hyphens are what people type."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["digits"])
        digits = "".join(letter for letter in typed if letter not in " -‐−–ー")
        if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("Please enter the six digits."))
        return digits
