"""The forms by which somebody entered at the counter makes the account their own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import BirthDateField
from accounts.rules import claim_codes
from common.text import normalise_digits


class ClaimCodeField(forms.CharField):
    """The code on paper, however it is typed; a slip is told before the code is looked for."""

    default_error_messages = {
        "mistyped": _(
            "This is not a code of ours. Please compare the twelve letters and numbers with "
            "those on the paper."
        ),
    }
    takes_twelve_digits = True  # a code of ours may be nothing but digits

    def clean(self, value: Any) -> str:
        typed = normalise_digits(super().clean(value))
        if not typed:
            return ""
        code = claim_codes.read(typed)
        if code is None:
            raise ValidationError(self.error_messages["mistyped"], code="mistyped")
        return code


class ClaimForm(forms.Form):
    """The code and the date of birth."""

    code = ClaimCodeField(
        label=_("Code on the paper"),
        help_text=_("Twelve letters and numbers, for example 7K2M-9QXD-4TBH."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    birth_date = BirthDateField(
        label=_("Date of birth"), help_text=_("For example Shōwa 38, month 4, day 2.")
    )


class ClaimEmailForm(forms.Form):
    """The address that signs in from now on."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("We send a code to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class MailedCodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return normalise_digits(self.cleaned_data["code"])
