"""What officers enter about applications and stays."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Channel
from registration.enums import ApplicationKind, ApplicationStatus

WAITING, SECOND = "", "second"
KINDS = {
    ApplicationKind.NEW: ApplicationKind.NEW.label,
    ApplicationKind.RENEWAL: ApplicationKind.RENEWAL.label,
}


class QueueFilterForm(forms.Form):
    """Which applications; what cannot be read filters nothing."""

    state = forms.ChoiceField(
        label=pgettext_lazy("of an application", "State"),
        required=False,
        choices=[
            (WAITING, _("Waiting for a decision")),
            (SECOND, _("Waiting for me as the second member of staff")),
            *((status.value, status.label) for status in ApplicationStatus),
        ],
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of an application", "Kind"),
        required=False,
        choices=[("", _("All")), *KINDS.items()],
    )
    days = forms.IntegerField(
        label=_("Waiting at least so many days"),
        required=False,
        min_value=0,
        max_value=3650,
        widget=forms.NumberInput(attrs={"size": 6}),
    )

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _words(label: Any, required: Any, most: int, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": required},
    )


class QuestionForm(forms.Form):
    """A question to the resident."""

    text = _words(
        _("Question to the resident"),
        _("Please write down what you want to know."),
        2000,
        _("The resident reads it on the portal and answers there. Up to 2,000 characters."),
    )


class RefusalForm(forms.Form):
    """Why something is refused; the resident reads it."""

    reason = _words(
        _("Reason of the refusal"),
        _("Please write down the reason: the resident reads it."),
        1000,
        _("The resident reads this reason. Up to 1,000 characters."),
    )


class StayRefusalForm(RefusalForm):
    """Why days don't count; the resident reads it on the page of stays and in the mail."""


class OnBehalfForm(forms.Form):
    """Applying for somebody who has asked for it."""

    channel = forms.ChoiceField(
        label=_("How the person asked"),
        choices=[("", _("Please choose")), *Channel.choices],
        error_messages={"required": _("Please choose how the person asked.")},
    )
