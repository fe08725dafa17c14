"""Rows of a list of people, judged by the rules of the profile form.

Not a form a row: a thousand rows a second would not come through. The fields are the same, and
what a row's postal code stands for is looked up once for all rows that have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.forms.fields import InternationalPhoneField, NameField
from accounts.forms.profile import ProfileForm
from accounts.operations.bulk import Candidate, Problem
from accounts.rules import births
from accounts.rules.countries import JAPAN, is_country
from common.postal import lookup
from tenants.models import LocalGovernment

# Columns of the file, the first of which are needed; dates as 1963-04-02 or S38-04-02.
NEEDED = (
    "key", "family_name", "given_name", "family_kana", "given_kana", "birth_date", "address_line",
)  # fmt: skip
OPTIONAL = ("email", "country", "postal_code", "municipality", "building", "phone", "language")
COLUMNS = NEEDED + OPTIONAL
_DATE = re.compile(r"([SHRT]?)([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_PLAIN = ("family_name", "given_name", "family_kana", "given_kana", "building")


def read_rows(rows: Iterable[Mapping[str, str]], first: int = 2) -> Iterator[Candidate]:
    """A candidate for each row; `first` is the first one's number in the file.

    Raises `LookupError` for a list without a needed column, naming it.
    """
    reader = _Reader()
    for number, row in enumerate(rows, start=first):
        if number == first and (missing := [name for name in NEEDED if name not in row]):
            raise LookupError(", ".join(missing))
        yield reader.read(number, row)


class _Reader:
    """Field objects and municipalities, made once for a whole list."""

    def __init__(self) -> None:
        fields = ProfileForm.base_fields
        self.plain = {name: fields[name] for name in _PLAIN}
        self.birth_date = fields["birth_date"]
        self.home = {name: fields[name] for name in ("postal_code", "address_line", "phone")}
        self.abroad: dict[str, forms.Field] = {
            "postal_code": NameField(max_length=16, required=False),
            "address_line": NameField(max_length=300),
            "phone": InternationalPhoneField(max_length=20, required=False),
        }
        self.key = forms.CharField(max_length=100)
        self.email = forms.EmailField(max_length=254, required=False)
        self.governments = LocalGovernment.objects.in_bulk()

    def read(self, number: int, row: Mapping[str, str]) -> Candidate:
        problems: list[Problem] = []

        def clean(name: str, field: forms.Field, value: Any) -> Any:
            try:
                return field.clean(value)
            except ValidationError as refused:
                problems.append(Problem(number, name, " ".join(refused.messages)))
                return None

        def text(name: str) -> str:
            return row.get(name) or ""

        country = (text("country") or JAPAN).upper()
        if not is_country(country):
            problems.append(Problem(number, "country", _("There is no such country.")))
        is_home = country == JAPAN or not is_country(country)
        data: dict[str, Any] = {"country": country}
        for name, field in {**self.plain, **(self.home if is_home else self.abroad)}.items():
            data[name] = clean(name, field, text(name))
        data["birth_date"] = clean("birth_date", self.birth_date, _date_parts(text("birth_date")))
        data["residence"] = None
        if is_home and data["postal_code"]:
            data["residence"] = self._residence(data["postal_code"], text("municipality"))
            if data["residence"] is None:
                problems.append(Problem(number, "municipality", _no_municipality()))
        if not is_home:
            data["building"] = ""
        data["language"] = self._language(text("language"), number, problems)
        key, email = clean("key", self.key, text("key")), clean("email", self.email, text("email"))
        return Candidate(
            row=number,
            key=key or "",
            email=(email or "").lower(),
            data=None if problems else data,  # type: ignore[arg-type]
            problems=tuple(problems),
        )

    def _residence(self, postal_code: str, named: str) -> LocalGovernment | None:
        """The municipality of the postal code; where there are several, the one that is named."""
        codes = municipalities_of(postal_code)
        if named:
            return self.governments.get(named) if named in codes else None
        return self.governments.get(next(iter(codes))) if len(codes) == 1 else None

    @staticmethod
    def _language(typed: str, number: int, problems: list[Problem]) -> str:
        known = [code for code, _name in settings.INTERFACE_LANGUAGES]
        if typed and typed not in known:
            problems.append(Problem(number, "language", _("There is no such language here.")))
        return typed or settings.LANGUAGE_CODE


def _no_municipality() -> str:
    return _("The postal code is not known, or its municipality has to be named.")


@lru_cache(maxsize=150_000)  # there are 120,000 postal codes
def municipalities_of(postal_code: str) -> frozenset[str]:
    """Codes of the municipalities that a postal code lies in."""
    return frozenset(place.municipality_code for place in lookup(postal_code))


def _date_parts(typed: str) -> list[str]:
    """What the birth date field takes: calendar, year, month, day."""
    found = _DATE.fullmatch(typed.strip())
    if found is None:
        return ["", typed, "", ""]
    era, year, month, day = found.groups()
    return [era or births.WESTERN, year, month, day]
