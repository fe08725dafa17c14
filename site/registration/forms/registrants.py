"""Which registrants staff look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from common.text import normalise_name
from registration.enums import Origin, RegistrationKind, RegistrationStatus, RelationStage
from registration.queries import parameters_on


def kind_choices() -> list[tuple[str, Any]]:
    """Kinds by the names in force (R29)."""
    parameters, language = parameters_on(), get_language() or "ja"
    named = [(kind.value, parameters.name_of(kind.value, language)) for kind in RegistrationKind]
    return [("", _("All")), *named]


class RegistrantFilterForm(forms.Form):
    """Search and filters of the list; what cannot be read filters nothing."""

    word = forms.CharField(
        label=_("Name, furigana or registration number"), required=False, max_length=60
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("of a registration", "State"),
        required=False,
        choices=[
            ("", RegistrationStatus.ACTIVE.label),
            (RegistrationStatus.ENDED.value, RegistrationStatus.ENDED.label),
        ],
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("of a registration", "Kind"),
        required=False,
        choices=kind_choices,
    )
    origin = forms.ChoiceField(
        label=_("How it came about"), required=False, choices=[("", _("All")), *Origin.choices]
    )
    stage = forms.TypedChoiceField(
        label=_("Stage of the relation"),
        required=False,
        choices=[("", _("All")), *RelationStage.choices],
        coerce=int,
        empty_value=None,
    )
    residence = forms.CharField(
        label=_("Municipality of residence"),
        required=False,
        max_length=60,
        help_text=_("For example: 岐阜県 or 飛騨市"),
    )
    since = forms.DateField(
        label=_("Registered from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=_("Registered up to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def chosen(self) -> dict[str, Any]:
        """The filters that say something, as `registration.queries.registrants` takes them."""
        self.is_valid()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        for name in {"word", "residence"} & found.keys():
            found[name] = normalise_name(found[name])
        return found

    def in_words(self) -> str:
        """What was chosen, for whoever approves an export of it."""
        parts = []
        for name, value in self.chosen().items():
            field = self.fields[name]
            choices = dict(getattr(field, "choices", ()))
            parts.append(f"{field.label}: {choices.get(value, value)}")
        return ", ".join(str(part) for part in parts)[:400]
