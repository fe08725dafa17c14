"""Agreeing to new versions, and to what is optional."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext

from tenants.models import Terms


class NewVersionsForm(forms.Form):
    """A box for each of these versions; all have to be ticked.

    The boxes bear the versions' numbers: what was not on the page nobody agrees to.
    """

    def __init__(self, data: Any, texts: Sequence[Terms]) -> None:
        super().__init__(data)
        for text in texts:
            self.fields[f"text_{text.pk}"] = forms.BooleanField(
                label=gettext("I agree to version %(version)s of: %(text)s")
                % {"version": text.version, "text": text.get_kind_display()},
                error_messages={
                    "required": gettext("Please read the text and tick this box if you agree.")
                },
            )
