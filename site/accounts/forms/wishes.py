"""What a resident would like to do: the second part of the profile, which may be skipped."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Interest, Persona, SpokenLanguage
from accounts.models import Resident
from accounts.rules.personas import is_to_suggest, suggested_interests

SUGGEST = "suggest"


class WishesForm(forms.Form):
    """Persona, interests and languages; `instance` fills it, `save_wishes` takes what it holds.

    Choosing a persona for the first time ticks interests that go with it. Without JavaScript
    that takes one more look: such a POST is not valid, `has_suggested` is true, and the page
    shows the boxes ticked. The button named `suggest` does the same at any time.
    """

    persona = forms.ChoiceField(
        label=_("What brings you here?"),
        choices=[*Persona.choices, ("", _("None of these"))],
        widget=forms.RadioSelect,
        required=False,
    )
    interests = forms.MultipleChoiceField(
        label=_("What would you like to help with?"),
        help_text=_("Choose all that apply."),
        choices=Interest.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=_("Which languages do you speak?"),
        help_text=_("Choose all that apply."),
        choices=SpokenLanguage.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, instance: Resident) -> None:
        initial = {name: getattr(instance, name) for name in self.base_fields}
        super().__init__(data.copy() if data is not None else None, initial=initial)
        self.has_suggested = False
        self.suggested_for = ""
        if data is not None:
            self._suggest(instance, asked=SUGGEST in data)

    def _suggest(self, instance: Resident, *, asked: bool) -> None:
        persona = str(self["persona"].value() or "")
        ticked = self["interests"].value() or []
        self.suggested_for = str(self.data.get("suggested_for", ""))
        if asked or is_to_suggest(persona, instance.persona, ticked, self.suggested_for):
            chosen = [*ticked, *suggested_interests(persona)]
            self.data.setlist("interests", list(dict.fromkeys(chosen)))  # type: ignore[attr-defined]
            self.has_suggested, self.suggested_for = True, persona

    def is_valid(self) -> bool:
        return super().is_valid() and not self.has_suggested
