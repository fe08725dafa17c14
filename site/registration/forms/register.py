"""The registration form: the steps' questions, then the consent."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BaseForm, BoundField
from django.forms.utils import ErrorList
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import Channel
from accounts.forms.fields import NameField
from tenants.models import Municipality


class ConsentForm(forms.Form):
    """The resident agrees to what the municipality is told, and perhaps to its news."""

    agree = forms.BooleanField(
        label=_("I agree that my particulars above are given to these municipalities."),
        error_messages={"required": _("Please tick this box if you agree.")},
    )
    wants_mail = forms.BooleanField(
        required=False,
        help_text=_("You can change this on my page at any time. Nothing else depends on it."),
    )

    def __init__(self, data: Any, place: Municipality) -> None:
        super().__init__(data)
        self.fields["wants_mail"].label = gettext("I would like to receive news from %(name)s.") % {
            "name": place.full_name
        }


class ReceivedForm(forms.Form):
    """What staff say about a person's wish: how it came in, and that there is a signed paper."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    channel = forms.ChoiceField(
        label=_("How the person asked"),
        choices=Channel.choices,
        initial=Channel.COUNTER,
        widget=forms.RadioSelect,
    )
    agrees = forms.BooleanField(
        label=_(
            "The person has agreed on paper to the terms of use, the privacy notice and to what "
            "the municipality is told."
        ),
        error_messages={"required": _("Without signed consent nobody can be registered.")},
    )
    paper_kept_at = NameField(
        label=_("Where the paper is kept"),
        max_length=200,
        help_text=_("For example the folder and its number."),
    )
    email = forms.EmailField(
        label=_("E-mail address, if there is one"),
        required=False,
        help_text=_(
            "One mail says what to do with the code on the paper. The address counts once the "
            "person has confirmed it."
        ),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="counter")


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
