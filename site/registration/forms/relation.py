"""From how many participations on a municipality sees a closer relation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from registration.models import RelationSetting
from registration.rules.relation import Thresholds


class RelationForm(forms.ModelForm):
    """Three figures, each stage after the one before."""

    class Meta:
        model = RelationSetting
        fields = ("core_in_year", "core_in_all", "fellow_in_all")
        help_texts = {
            "core_in_year": _("Within any twelve months. The usual figure is 3."),
            "core_in_all": _("However long ago. The usual figure is 5."),
            "fellow_in_all": _(
                "However long ago. The usual figure is 10. Whoever acts for an organisation that"
                " you recognise is a fellow in any case."
            ),
        }

    @property
    def thresholds(self) -> Thresholds:
        data = self.cleaned_data
        return Thresholds(data["core_in_year"], data["core_in_all"], data["fellow_in_all"])
