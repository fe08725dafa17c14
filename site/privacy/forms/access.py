"""Why somebody looks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import normalise_name
from privacy.enums import StaffPurpose


def purpose_choices() -> list[tuple[str, Any]]:
    """Nothing chosen beforehand: a purpose is said, not clicked past."""
    return [("", _("Please choose a purpose")), *StaffPurpose.choices]


class PurposeForm(forms.Form):
    """A purpose out of the closed list, and words of one's own."""

    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=purpose_choices,
        error_messages={"required": _("Please choose a purpose.")},
    )
    note = forms.CharField(
        label=_("Explanation"),
        max_length=200,
        required=False,
        help_text=_(
            "Up to 200 characters. The resident can read the purpose and this explanation."
        ),
        widget=forms.TextInput,
    )

    def clean_note(self) -> str:
        return normalise_name(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("purpose") == StaffPurpose.OTHER and not data.get("note"):
            self.add_error("note", _("Please explain the purpose in your own words."))
        return data
