"""Requests about personal data: the resident's form, the office's, and its steps."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common import clock
from common.text import normalise_name
from privacy.enums import CaseChannel, CaseDecision, CaseKind, CaseStatus
from privacy.rules.cases import DAYS_BY_LAW, EXTENSION_AT_MOST

PLATFORM = "platform"
_WANTED = {
    CaseKind.CORRECTION: (
        _("How should it read?"),
        _("Please write down what is wrong, and what is right."),
        _("Please write down how it should read."),
    ),
    CaseKind.STOPPING: (
        _("What should be stopped, and why?"),
        _("For example: being given to others, being used for notices, being kept."),
        _("Please write down what should be stopped."),
    ),
}


def long_text(label: Any, *, rows: int = 4, required: Any = None, **options: Any) -> Any:
    """A field for sentences; `required` is what is said where nothing was written."""
    return forms.CharField(
        label=label,
        required=required is not None,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else None,
        **options,
    )


class CaseForm(forms.Form):
    """What one kind of request asks for. `key` makes sending it twice harmless."""

    subject = long_text(
        _("Which particulars is it about?"),
        required=_("Please write down which particulars it is about."),
        help_text=_("For example: my address, the record of my participations, everything."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, kind: CaseKind, **kwargs: Any) -> None:
        initial = {"key": uuid4(), **(kwargs.pop("initial", None) or {})}
        super().__init__(data, initial=initial, **kwargs)
        if kind in _WANTED:
            label, hint, missing = _WANTED[kind]
            self.fields["wanted"] = long_text(label, required=missing, help_text=hint)
        self.order_fields(["place", "subject", "wanted"])


class ResidentCaseForm(CaseForm):
    """The resident's own, on the portal: also whom it goes to."""

    place = forms.ChoiceField(
        label=_("Whom do you ask?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose whom you ask.")},
    )

    def __init__(self, data: Any = None, *, places: list[Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            *((place.code, place.full_name) for place in places),
            (PLATFORM, _("The platform itself (your account)")),
        ]


class PaperCaseForm(forms.Form):
    """A request that came at the counter or by letter."""

    kind = forms.ChoiceField(
        label=pgettext_lazy("of a request", "Kind"),
        choices=CaseKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what is asked for.")},
    )
    channel = forms.ChoiceField(
        label=_("How did it arrive?"),
        choices=[(one.value, one.label) for one in (CaseChannel.COUNTER, CaseChannel.LETTER)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose how it arrived.")},
    )
    received_on = forms.DateField(
        label=_("Received on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The deadline counts from the day after."),
        error_messages={
            "required": _("Please enter the day it was received."),
            "invalid": _("Please write the date like this: 2026-11-24."),
        },
    )
    name = forms.CharField(
        label=_("Name of the person"),
        max_length=90,
        error_messages={"required": _("Please enter the person's name.")},
    )
    contact = forms.CharField(
        label=_("Address or telephone number for the answer"),
        max_length=400,
        error_messages={"required": _("Please enter where the answer is to be sent.")},
    )
    email = forms.EmailField(
        label=_("E-mail address (if the person wants mails about each step)"), required=False
    )
    subject = long_text(
        _("Which particulars it is about"),
        required=_("Please write down which particulars it is about."),
    )
    wanted = long_text(
        _("For a correction how it should read; for a stop what should be stopped, and why")
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"key": uuid4(), "received_on": clock.today()}, **kwargs)

    def clean_name(self) -> str:
        return normalise_name(self.cleaned_data["name"])

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This date lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in set(_WANTED) and not data.get("wanted"):
            self.add_error("wanted", _WANTED[CaseKind(data["kind"])][2])
        return data


class IdentityForm(forms.Form):
    """How staff made sure who asks."""

    text = long_text(
        _("How the identity was checked"),
        rows=2,
        required=_("Please write down how the identity was checked."),
        help_text=_(
            "For example: driving licence shown at the counter. No number of any document. "
            "The person does not read this."
        ),
    )


class DecisionForm(forms.Form):
    """What was decided, with the words the person reads."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=CaseDecision.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose the decision.")},
    )
    text = long_text(
        _("Explanation to the person"),
        help_text=_("Needed where the request is not granted, or only in part."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") in {CaseDecision.PARTLY, CaseDecision.REFUSED} and not data.get(
            "text"
        ):
            self.add_error("text", _("Please give the reason; the person has a right to it."))
        return data


class FinishForm(forms.Form):
    """How the decision was carried out."""

    text = long_text(
        _("What was done"),
        required=_("Please write down what was done."),
        help_text=_("The person reads this. For example: copy sent by post, address corrected."),
    )


class ExtensionForm(forms.Form):
    """More days, with the reason the person is told."""

    days = forms.IntegerField(
        label=_("Days more"),
        min_value=1,
        max_value=EXTENSION_AT_MOST,
        initial=EXTENSION_AT_MOST,
        help_text=_("At most 30, once."),
        error_messages={
            "required": _("Please enter a number from 1 to 30."),
            "invalid": _("Please enter a number from 1 to 30."),
            "min_value": _("Please enter a number from 1 to 30."),
            "max_value": _("Please enter a number from 1 to 30."),
        },
    )
    text = long_text(
        _("Reason"),
        required=_("Please give the reason; the person has a right to it."),
        help_text=_("The person reads this."),
    )


class NoteForm(forms.Form):
    """Something for colleagues."""

    text = long_text(
        pgettext_lazy("of a request", "Note"),
        required=_("Please write the note."),
        help_text=_("The person does not read this."),
    )


class AssignForm(forms.Form):
    """Who is in charge."""

    to: Any = forms.ModelChoiceField(
        label=_("In charge"),
        queryset=None,
        empty_label=None,
        error_messages={"required": _("Please choose a colleague.")},
    )

    def __init__(self, data: Any = None, *, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = colleagues
        field.label_from_instance = lambda account: account.get_full_name()


class TermForm(forms.Form):
    """Days until a decision is due."""

    days = forms.IntegerField(
        label=_("Days until the decision"),
        min_value=1,
        max_value=DAYS_BY_LAW,
        help_text=_(
            "By law at most 30. Enter less if your ordinance says so. It holds for requests "
            "received from now on."
        ),
        error_messages={
            "required": _("Please enter a number from 1 to 30."),
            "invalid": _("Please enter a number from 1 to 30."),
            "min_value": _("Please enter a number from 1 to 30."),
            "max_value": _("Please enter a number from 1 to 30."),
        },
    )


class CaseFilterForm(forms.Form):
    """Which requests the office looks at; a choice that does not exist filters nothing."""

    state = forms.ChoiceField(
        label=pgettext_lazy("of a request", "State"),
        required=False,
        choices=[
            ("", _("All")),
            ("undecided", _("Not decided yet")),
            ("overdue", _("Overdue")),
            *CaseStatus.choices,
        ],
    )
