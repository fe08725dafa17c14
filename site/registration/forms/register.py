"""The registration form: the steps' questions, then the consent."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.utils import ErrorList
from django.utils.translation import gettext_lazy as _


class ConsentForm(forms.Form):
    """The resident agrees to what the municipality is told."""

    agree = forms.BooleanField(
        label=_("I agree that my particulars above are given to these municipalities."),
        error_messages={"required": _("Please tick this box if you agree.")},
    )


class FormsTogether:
    """Several forms on one screen, shown by the templates of one form.

    All are checked, so that everything to correct is named at once.
    """

    is_multipart = False

    def __init__(self, parts: Iterable[BaseForm]) -> None:
        self.parts = list(parts)

    def is_valid(self) -> bool:
        return all([part.is_valid() for part in self.parts])

    @property
    def errors(self) -> dict[str, ErrorList]:
        return {part.add_prefix(name): e for part in self.parts for name, e in part.errors.items()}

    def non_field_errors(self) -> list[str]:
        return [str(error) for part in self.parts for error in part.non_field_errors()]

    def hidden_fields(self) -> list[BoundField]:
        return list(chain.from_iterable(part.hidden_fields() for part in self.parts))

    def visible_fields(self) -> list[BoundField]:
        return list(chain.from_iterable(part.visible_fields() for part in self.parts))
