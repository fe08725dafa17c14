"""Closing the account: the one thing that has to be ticked."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ClosingForm(forms.Form):
    understood = forms.BooleanField(
        label=_("I have read this, and know that it cannot be undone."),
        error_messages={"required": _("Please tick that you have read what closing means.")},
    )
    # Whose account the page was about, signed: for whoever sends it twice.
    whose = forms.CharField(widget=forms.HiddenInput, required=False)
