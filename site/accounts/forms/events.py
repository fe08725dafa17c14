"""What the operator looks for among the events of signing in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import SecurityEventKind
from common import clock


class EventFilterForm(forms.Form):
    """Filters of the list. Without an account it is always one day: there are many millions."""

    day = forms.DateField(
        label=_("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty it means today; with an account, every day that is kept."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("All")), *SecurityEventKind.choices],
    )
    account = forms.IntegerField(
        label=_("Number of the account"), required=False, min_value=1, max_value=2**63 - 1
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("day") and not cleaned.get("account"):
            cleaned["day"] = clock.today()
        return cleaned
