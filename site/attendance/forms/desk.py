"""What staff fill in about the check-in of a session."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

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
