"""What a resident says when signing up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import NameField, PhoneField
from activities.rules.components import ComponentLeft
from attendance.enums import AgeGroup
from attendance.rules.components import MOST_OF_ONE
from attendance.rules.sign_up import MOST_COMPANIONS, Companion, Wish

COMPONENT = "component-"


def books_along(data: Mapping[str, Any]) -> bool:
    """Whether what was sent has anything to say of a package."""
    return any(name.startswith(COMPONENT) for name in data)


def _component_field(one: ComponentLeft, entered: str, at_once: bool) -> forms.ChoiceField:
    """How many of a component: no more than are left where a place is given `at_once`; whoever
    waits for one may wish more. What was entered stays entered."""
    component = one.component
    most = one.left if at_once else component.capacity
    if most is None:
        most = MOST_OF_ONE
    numbers = [
        (str(number), str(number))
        for number in range(1, MOST_OF_ONE + 1)
        if number <= max(most, int(component.is_required)) or str(number) == entered
    ]
    if not component.is_required:
        numbers = [("0", pgettext("number of things to book", "None")), *numbers]
    words = [component.costs, component.note]
    if one.left == 0:
        words.append(gettext("Fully booked"))
    elif one.left is not None:
        words.append(gettext("%(number)s left") % {"number": one.left})
    return forms.ChoiceField(
        label=component.name,
        required=component.is_required,
        choices=numbers,
        initial=numbers[0][0],
        help_text=pgettext("between words about one thing", " / ").join(w for w in words if w),
    )


class SignUpForm(forms.Form):
    """Companions, and of minors a guardian. `wish` is what was said, of a valid form."""

    waits = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        is_minor: bool = False,
        package: Sequence[ComponentLeft] = (),
        at_once: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in package:
            name = f"{COMPONENT}{one.component.id}"
            self.fields[name] = _component_field(one, self.data.get(name, ""), at_once)
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
    def component_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name.startswith(COMPONENT)]

    @property
    def own_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name.startswith("guardian")]

    @property
    def companion_fields(self) -> list[forms.BoundField]:
        return [
            field
            for field in self.visible_fields()
            if not field.name.startswith(("guardian", COMPONENT))
        ]

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

    def _numbers(self) -> dict[str, int]:
        """By the component's id. What was entered for one that is gone comes along, so that it is
        refused and not left out in silence."""
        numbers = {
            name.removeprefix(COMPONENT): 1
            for name, value in self.data.items()
            if name.startswith(COMPONENT) and name not in self.fields and value not in {"", "0"}
        }
        for name, value in self.cleaned_data.items():
            if name.startswith(COMPONENT):
                numbers[name.removeprefix(COMPONENT)] = int(value or 0)
        return numbers

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
            components=self._numbers(),
        )
