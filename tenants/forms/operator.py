"""Forms of the operator's host."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from tenants.enums import NoteKind
from tenants.permissions import may_review


class OperatorSignInForm(AuthenticationForm):
    """E-mail address and password of somebody who runs the platform."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("E-mail address")

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not may_review(user):
            # The same words as for a wrong password: nobody learns which accounts exist.
            raise self.get_invalid_login_error()


class DeclineForm(forms.Form):
    """Why a request is declined; the municipality reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("This text is sent to the person in charge by mail."),
    )


class NoteForm(forms.Form):
    """What the operator writes down about a request, or asks the applicant."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        widget=forms.RadioSelect,
        choices=[
            (NoteKind.NOTE, _("Note: stays with the operator")),
            (NoteKind.QUESTION, _("Question: is sent to the applicant by mail")),
        ],
        initial=NoteKind.NOTE,
    )
    text = forms.CharField(
        label=_("Text"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, may_ask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_ask:
            self.fields["kind"].choices = self.fields["kind"].choices[:1]  # type: ignore[attr-defined]


class StepForm(forms.Form):
    """Why a municipality is led to another status; it stands in the history."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It is kept in the history, which only operators read."),
    )

    def __init__(self, *args: Any, reason_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_required


class ScheduleForm(forms.Form):
    """When a municipality is to be published."""

    publish_at = forms.DateTimeField(
        label=_("Date and time of publication"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        help_text=_("Japan time. It is published within a minute of it."),
    )
