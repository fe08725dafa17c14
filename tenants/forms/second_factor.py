"""Forms of the second step of sign-in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

_DIGITS = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autocapitalize": "none",
    "spellcheck": "false",
}


class CodeForm(forms.Form):
    """The six digits an authenticator app shows."""

    code = forms.CharField(
        label=_("6-digit code"),
        max_length=20,
        widget=forms.TextInput(attrs=_DIGITS),
        help_text=_("The number that the authenticator app shows now."),
    )


class AddAppForm(CodeForm):
    """The first code of a new authenticator app, and what to call it."""

    label = forms.CharField(
        label=_("Name of this device"),
        max_length=60,
        required=False,
        help_text=_("For example: telephone of the planning section"),
    )


class PasskeyForm(forms.Form):
    """What the browser's passkey has answered; a script fills it in."""

    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
    label = forms.CharField(max_length=60, required=False)
