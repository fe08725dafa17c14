"""The filter over the activities of all municipalities."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.enums import Category
from portal.queries import prefectures_taking_part


class ActivityFilter(forms.Form):
    """Filters of the list of activities; every field may stay empty."""

    word = forms.CharField(
        label=_("Word"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "inputmode": "search"}),
    )
    prefecture = forms.ChoiceField(label=_("Prefecture"), required=False)
    first_day = forms.DateField(
        label=pgettext_lazy("date", "From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    category = forms.ChoiceField(
        label=_("Kind of activity"),
        required=False,
        choices=[("", _("All kinds")), *Category.choices],
    )
    work = forms.ChoiceField(
        label=_("Paid or voluntary"),
        required=False,
        choices=[
            ("", _("Both")),
            ("volunteer", _("Volunteer activities")),
            ("paid", _("Paid work")),
        ],
    )
    only_designated = forms.BooleanField(
        label=_("Only those that count as a hands-on activity"), required=False
    )
    only_remote = forms.BooleanField(label=_("Only those one can join from afar"), required=False)
    only_urgent = forms.BooleanField(label=_("Only urgent ones"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Prefectures in which somebody is published: the others would find nothing.
        self.fields["prefecture"].choices = [  # type: ignore[attr-defined]
            ("", _("All prefectures")),
            *prefectures_taking_part().values_list("code", "name"),
        ]
