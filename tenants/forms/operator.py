"""Forms of the operator's host."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

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
