"""What staff and participants say about a record of the ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from attendance.enums import AmendmentKind
from attendance.models import ParticipationRecord
from attendance.operations.ledger.amend import MOST_HOURS
from common.text import normalise_name

_REASON_HELP = _(
    "Up to 200 characters, for example: entered twice; left early. The participant reads it, and "
    "it stays for good: please write no names and nothing else about a person."
)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_REASON_HELP,
        error_messages={"required": _("Please write down the reason.")},
    )


class ReasonForm(forms.Form):
    """Why a participation is entered by hand."""

    reason = _reason()

    def clean_reason(self) -> str:
        return normalise_name(self.cleaned_data["reason"])


class AmendForm(ReasonForm):
    """What becomes of a record: of one that counts, voided or other hours; of a voided one,
    restored."""

    kind = forms.ChoiceField(label=_("What is to be put right"), widget=forms.RadioSelect)
    hours = forms.DecimalField(
        label=_("Hours that count"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=MOST_HOURS,
        required=False,
        help_text=_("Only if you correct the hours, for example 2.5."),
    )
    field_order = ("kind", "hours", "reason")

    def __init__(self, *args: Any, record: ParticipationRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if record.is_voided:
            choices = [(AmendmentKind.RESTORE, _("Restore: it counts again"))]
            del self.fields["hours"]
        else:
            choices = [
                (AmendmentKind.CORRECT, _("Correct the hours")),
                (AmendmentKind.VOID, _("Void: it no longer counts")),
            ]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == AmendmentKind.CORRECT and data.get("hours") is None:
            if "hours" not in self.errors:
                self.add_error("hours", _("Please write how many hours count."))
        return data


class ObjectionForm(forms.Form):
    """What a participant says against a record."""

    text = forms.CharField(
        label=_("What is not right"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Up to 1,000 characters. The municipality reads it and answers."),
        error_messages={"required": _("Please write what is not right.")},
    )


class AnswerForm(forms.Form):
    """What the municipality says to an objection."""

    accepted = forms.ChoiceField(
        label=pgettext_lazy("objection", "Decision"),
        choices=[
            ("yes", _("Accept: put the record right in the next step")),
            ("no", _("Do not accept")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Up to 1,000 characters. The participant gets it by mail."),
        error_messages={"required": _("Please write an answer.")},
    )
