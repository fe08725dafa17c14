"""From where a municipality's admin can be reached (R2)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class NetworkRangeForm(forms.Form):
    """One range; whether it is one, and whom it would lock out, the operation says."""

    cidr = forms.CharField(
        label=_("Network range"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        help_text=_("For example 192.0.2.0/24, 2001:db8::/32 or a single address."),
    )
    label = forms.CharField(
        label=_("What it is"),
        max_length=60,
        required=False,
        help_text=_("For example: network of the main building"),
    )
