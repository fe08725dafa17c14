"""What a resident says when signing up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.fields import NameField, PhoneField
from attendance.enums import AgeGroup
from attendance.rules.sign_up import MOST_COMPANIONS, Companion, Wish


class SignUpForm(forms.Form):
    """Companions, and of minors a guardian. `wish` is what was said, of a valid form."""

    waits = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_minor: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_minor:
            self.fields["guardian_name"] = NameField(
                label=_("Guardian's name"), max_length=90,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
            self.fields["guardian_phone"] = PhoneField(
                label=_("Guardian's telephone number"), max_length=20,
                help_text=_("Where they can be reached on the day."),
                widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
            )  # fmt: skip
        for number in range(1, MOST_COMPANIONS + 1):
            self.fields[f"name_{number}"] = NameField(
                label=_("Name of person %(number)s") % {"number": number}, max_length=90,
                required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"age_{number}"] = forms.ChoiceField(
                label=_("Age group of person %(number)s") % {"number": number},
                choices=[
                    ("", pgettext_lazy("nothing chosen yet", "Choose")), *AgeGroup.asked()
                ],
                required=False,
            )  # fmt: skip

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name.startswith("guardian")]

    @property
    def companion_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if not field.name.startswith("guardian")]

    @property
    def has_companions(self) -> bool:
        """Whether the part about companions is to be shown open."""
        return any(field.value() or field.errors for field in self.companion_fields)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in range(1, MOST_COMPANIONS + 1):
            name, age = cleaned.get(f"name_{number}"), cleaned.get(f"age_{number}")
            if name and not age:
                self.add_error(f"age_{number}", _("Please choose the age group of this person."))
            if age and not name:
                self.add_error(f"name_{number}", _("Please write the name of this person."))
        return cleaned

    @property
    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(
            companions=tuple(
                Companion(data[f"name_{number}"], data[f"age_{number}"])
                for number in range(1, MOST_COMPANIONS + 1)
                if data[f"name_{number}"]
            ),
            guardian_name=data.get("guardian_name", ""),
            guardian_phone=data.get("guardian_phone", ""),
            waits=data["waits"],
        )
