"""Form fields for what people type about themselves.

They normalise before they judge, so a field of spaces is empty and a name's length is that of
the name kept.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rules import births
from common import clock
from common.text import (
    normalise_digits,
    normalise_kana,
    normalise_name,
    normalise_postal_code,
)
from common.wareki import to_era

_KATAKANA = re.compile(r"[ァ-ヺー・＝ ]+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
_PHONE = re.compile(rf"0[0-9]{{9,10}}|{_INTERNATIONAL.pattern}")


class NameField(forms.CharField):
    """A name or other short text in the form we keep; kanji stay as they were typed."""

    def to_python(self, value: Any) -> str:
        return normalise_name(super().to_python(value) or "")


class KanaField(forms.CharField):
    """Furigana: typed in hiragana, katakana or half-width, kept in katakana."""

    default_error_messages = {
        "not_kana": _("Please write the furigana in katakana or hiragana."),
    }

    def to_python(self, value: Any) -> str:
        return normalise_kana(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _KATAKANA.fullmatch(value):
            raise ValidationError(self.error_messages["not_kana"], code="not_kana")


class PhoneField(forms.CharField):
    """A telephone number, kept as digits."""

    default_error_messages = {
        "not_phone": _(
            "Please write the telephone number with its area code, for example 0226-22-6600."
        ),
    }

    def to_python(self, value: Any) -> str:
        return normalise_digits(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not _PHONE.fullmatch(value):
            raise ValidationError(self.error_messages["not_phone"], code="not_phone")


class InternationalPhoneField(PhoneField):
    """A telephone number outside of Japan, with the country's number."""

    default_error_messages = {
        "not_international": _(
            "Please write the telephone number with + and the country's number, for example "
            "+1 212 555 0123."
        ),
    }

    def to_python(self, value: Any) -> str:
        # People write 00 for +, and the (0) that is only dialled at home.
        digits = super().to_python((value or "").replace("(0)", ""))
        return f"+{digits.removeprefix('00')}" if digits.startswith("00") else digits

    def validate(self, value: str) -> None:
        forms.CharField.validate(self, value)
        if value and not _INTERNATIONAL.fullmatch(value):
            raise ValidationError(
                self.error_messages["not_international"], code="not_international"
            )


class PostalCodeField(forms.CharField):
    """Seven digits; whether there is such a code is the form's question."""

    default_error_messages = {
        "not_postal_code": _(
            "Please write the postal code with seven digits, for example 988-0017."
        ),
    }

    def to_python(self, value: Any) -> str:
        return normalise_postal_code(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not re.fullmatch(r"[0-9]{7}", value):
            raise ValidationError(self.error_messages["not_postal_code"], code="not_postal_code")


ERA_CHOICES = [
    ("", pgettext_lazy("nothing chosen yet", "Choose")),
    ("S", _("Shōwa (昭和)")),
    ("H", _("Heisei (平成)")),
    ("R", _("Reiwa (令和)")),
    ("T", _("Taishō (大正)")),
    (births.WESTERN, _("Western calendar")),
]


_PARTS = (
    pgettext_lazy("date of birth", "calendar"),
    pgettext_lazy("date of birth", "year"),
    pgettext_lazy("date of birth", "month"),
    pgettext_lazy("date of birth", "day"),
)


class BirthDateWidget(forms.MultiWidget):
    """Era or Western calendar, year, month and day: four inputs under one legend."""

    template_name = "accounts/widgets/birth_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "size": 4, "autocomplete": "off"}
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            "era": forms.Select(choices=ERA_CHOICES),
            "year": forms.TextInput(attrs={**number, "maxlength": 4}),
            "month": forms.TextInput(attrs={**number, "maxlength": 4}),
            "day": forms.TextInput(attrs={**number, "maxlength": 4}),
        }
        super().__init__(widgets, attrs)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, label in zip(
            context["widget"]["subwidgets"],
            _PARTS,
            strict=True,
        ):
            part["label"] = label
        return context

    def decompress(self, value: date | None) -> list[Any]:
        if not value:
            return ["", "", "", ""]
        written = to_era(value)
        letters = {"昭和": "S", "平成": "H", "令和": "R", "大正": "T"}
        if written.era in letters:
            return [letters[written.era], written.year, written.month, written.day]
        return [births.WESTERN, value.year, value.month, value.day]


class BirthDateField(forms.Field):
    """A date of birth between 1900 and today, from the four parts of `BirthDateWidget`."""

    widget = BirthDateWidget
    default_error_messages = {
        "incomplete": _("Please enter calendar, year, month and day of your birth."),
        "no_such_date": _("There is no such date. Please check the calendar, year, month and day."),
        "future": _("This date is in the future. Please check your date of birth."),
        "too_early": _("Please enter a date of birth from 1900 on."),
    }

    def to_python(self, value: list[str] | None) -> date | None:
        era, year, month, day = [normalise_digits(str(part or "")) for part in value or [""] * 4]
        if not (year or month or day):
            return None
        if not (year and month and day) or not (era or len(year) == 4):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        try:
            return births.birth_date(
                era,
                births.read_year(year),
                births.read_number(month),
                births.read_number(day),
            )
        except births.NoSuchDate:
            raise ValidationError(
                self.error_messages["no_such_date"], code="no_such_date"
            ) from None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value > clock.today():
            raise ValidationError(self.error_messages["future"], code="future")
        if value < births.EARLIEST:
            raise ValidationError(self.error_messages["too_early"], code="too_early")
