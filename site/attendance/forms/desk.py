"""What staff fill in about the check-in of a session."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import NameField
from attendance.enums import Attendance, ScanDecision


class DeviceForm(forms.Form):
    label = forms.CharField(
        label=_("Name of the device"),
        max_length=60,
        help_text=_("So that you can tell it from others, for instance: reception, phone 1."),
    )


class EndDeviceForm(forms.Form):
    device = forms.UUIDField(widget=forms.HiddenInput)


class WithdrawCodeForm(forms.Form):
    """`number` is what the page showed: pressed twice, the code is withdrawn once."""

    number = forms.IntegerField(min_value=1, max_value=255, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class ReviewForm(forms.Form):
    scan = forms.IntegerField(widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=ScanDecision.choices)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class OutcomeForm(forms.Form):
    sign_up = forms.IntegerField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Attendance.choices)
    hours = forms.DecimalField(
        label=_("Hours"), min_value=0, max_digits=5, decimal_places=2, required=False
    )


class PaperListForm(forms.Form):
    """Who is ticked on the paper list: `came` are keys of sign-ups, and `hours_<key>` the hours
    of one, where they are not the session's. Cleaned to `ticked`: hours or None by key."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        # Of more digits than a key has the database would not even look.
        given = [key for key in data.getlist("came") if key.isdecimal() and len(key) < 19]
        self.came = {int(key) for key in given}
        for key in self.came:
            self.fields[f"hours_{key}"] = copy.deepcopy(OutcomeForm.base_fields["hours"])

    def clean(self) -> dict[str, Any]:
        if not self.came:
            raise forms.ValidationError(_("Please tick who came."))
        return {"ticked": {key: self.cleaned_data.get(f"hours_{key}") for key in self.came}}


class WalkInForm(forms.Form):
    """Somebody on the paper list who had not signed up, as they wrote it themselves."""

    number = forms.CharField(
        label=_("Registration number"),
        max_length=30,
        help_text=_(
            "As on the certificate of registration, such as 042056-000123. The digits after the"
            " hyphen are enough."
        ),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = NameField(
        label=_("Whole name"),
        max_length=130,
        help_text=_("Family name and given name, as on the list; furigana will do."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    hours = forms.DecimalField(
        label=pgettext_lazy("duration", "Hours"),
        min_value=0,
        max_digits=5,
        decimal_places=2,
        required=False,
        help_text=_("Only if they differ from the activity's."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Other forms of the page have a field `number` as well.
        super().__init__(*args, **{"auto_id": "walk-in-%s"} | kwargs)


class ReportReviewForm(forms.Form):
    report = forms.UUIDField(widget=forms.HiddenInput)
    accept = forms.ChoiceField(
        choices=[("yes", _("Accept the report")), ("no", _("Return the report"))]
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ReportForm(forms.Form):
    text = forms.CharField(
        label=_("What you did"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("In 2,000 characters at most. The municipality reads it and decides."),
    )
