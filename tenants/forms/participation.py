"""A municipality asks to take part: which prefecture, then the request itself."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from common.text import normalise_digits, normalise_name
from tenants.enums import GovernmentKind
from tenants.models import LocalGovernment
from tenants.queries import governments_not_taking_part, prefectures

_PHONE = RegexValidator(
    r"^0\d{9,10}$",
    _("Please enter the telephone number in digits, for example 0226-22-6600."),
)


def _not_empty(value: str) -> str:
    """Characters that show nothing (zero-width and control characters) are not a name."""
    if not value:
        raise forms.ValidationError(forms.Field.default_error_messages["required"], "required")
    return value


class PrefectureForm(forms.Form):
    """First step: the prefecture, so that the second list is short."""

    prefecture = forms.ModelChoiceField(
        label=_("Prefecture"),
        queryset=LocalGovernment.objects.none(),
        empty_label=_("Please choose"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prefecture"].queryset = prefectures()  # type: ignore[attr-defined]


class _GovernmentField(forms.ModelChoiceField):
    def label_from_instance(self, government: Any) -> str:
        if government.kind == GovernmentKind.PREFECTURE:
            return _("%(name)s (the prefecture itself)") % {"name": government.name}
        return str(government.name)


class ParticipationRequestForm(forms.Form):
    """The request, by the person in charge of it (R1, R28)."""

    local_government = _GovernmentField(
        label=_("Local government"),
        queryset=LocalGovernment.objects.none(),
        empty_label=_("Please choose"),
        help_text=_("Those that take part already are not in the list."),
    )
    department = forms.CharField(
        label=_("Department"), max_length=80, help_text=_("For example: planning department")
    )
    contact_name = forms.CharField(
        label=_("Name of the person in charge"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_email = forms.EmailField(
        max_length=254,
        label=_("E-mail address of the person in charge"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_(
            "The invitation to the admin site is sent here. We recommend an official address "
            "that ends in .lg.jp."
        ),
    )
    contact_phone = forms.CharField(
        label=_("Telephone number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    agree = forms.BooleanField(
        label=_("We have read the terms of use and agree to them, also to following the guideline.")
    )

    def __init__(self, prefecture: LocalGovernment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["local_government"].queryset = governments_not_taking_part(  # type: ignore[attr-defined]
            prefecture.pk
        )

    def clean_department(self) -> str:
        return _not_empty(normalise_name(self.cleaned_data["department"]))

    def clean_contact_name(self) -> str:
        return _not_empty(normalise_name(self.cleaned_data["contact_name"]))

    def clean_contact_email(self) -> str:
        return str(self.cleaned_data["contact_email"]).lower()

    def clean_contact_phone(self) -> str:
        phone = normalise_digits(self.cleaned_data["contact_phone"])
        _PHONE(phone)
        return phone
