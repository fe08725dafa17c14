"""Forms about guardians: the minor's, the guardian's, and the counter's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.text import normalise_name
from identity.enums import Relation

_RELATION = {"required": _("Please choose your relation to the child.")}


class AskForm(forms.Form):
    """Where a minor's guardian is reached."""

    email = forms.EmailField(
        label=_("Your guardian's e-mail address"),
        max_length=254,
        help_text=_("Your father's or mother's, or that of whoever represents you by law."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Please write your guardian's e-mail address.")},
    )


class AgreeForm(forms.Form):
    """What a guardian says."""

    relation = forms.ChoiceField(
        label=_("Your relation to the child"),
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages=_RELATION,
    )
    agree = forms.BooleanField(
        label=_("I have read the text above, and I agree as the child's guardian."),
        error_messages={"required": _("Please tick this box if you agree.")},
    )


class FindForm(forms.Form):
    """Whose paper it is."""

    number = forms.CharField(
        label=_("Registration number"),
        max_length=20,
        help_text=_("It stands on the registration certificate, for example 042056-000123."),
    )

    def clean_number(self) -> str:
        return normalise_name(self.cleaned_data["number"]).replace(" ", "")


class PaperForm(forms.Form):
    """A consent on paper."""

    guardian_name = forms.CharField(label=_("Guardian's name"), max_length=90)
    relation = forms.ChoiceField(
        label=_("Relation to the child"), choices=[("", "―"), *Relation.choices]
    )
    kept_at = forms.CharField(
        label=_("Where the paper is kept"),
        max_length=200,
        help_text=_("So that it is found again, for example the cabinet and the file."),
    )
    seen = forms.BooleanField(
        label=_(
            "I have seen a document that proves the guardian's identity, and the paper with their "
            "signature."
        ),
        error_messages={"required": _("Please check both, then tick this box.")},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data.pop("seen", None)
        return data
