"""Forms of the work log and of the yearly summary."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from activities.forms.needs import SentOnceForm
from activities.models import Coordinator, OtherCosts, WorkEntry
from activities.queries import activities_for_choice
from common import clock
from tenants.staff.queries import members


class WorkForm(SentOnceForm, forms.ModelForm):
    """One's own work of one day."""

    class Meta:
        model = WorkEntry
        fields = ["day", "hours", "what", "activity"]
        widgets = {"day": forms.DateInput({"type": "date"}, "%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = clock.today
        self.fields["activity"].queryset = activities_for_choice()  # type: ignore[attr-defined]


class CoordinatorForm(forms.ModelForm):
    """Who is a coordinator this year; chosen again, the entry is changed."""

    class Meta:
        model = Coordinator
        fields = ["user", "kind", "cost"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.filter(pk__in=members().values("user")).order_by("name", "email")
        self.fields["user"].queryset = staff  # type: ignore[attr-defined]
        self.fields["user"].label_from_instance = User.get_full_name  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """What is kept is the operation's, which also changes an entry that is there."""


class OtherCostsForm(forms.ModelForm):
    """All costs that are no coordinator's."""

    class Meta:
        model = OtherCosts
        fields = ["cost", "correction"]
