"""What a proof says, whatever form the provider gives it: the one place that knows formats.

The public documents name the claims (name, address, birthdate) but not every form they can
take. Our reading, and what is understood:
- name: one text, family name first, a space between (U+0020 or U+3000); or `family_name` and
  `given_name`. Without a space all of it is the family name.
- birthdate: 1985-03-15, or 19850315. The year is Western.
- address: one text, or OpenID Connect's object with `formatted`, else region, locality and
  street address put together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from common.text import normalise_name

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)


class ClaimsUnreadable(Exception):
    """A claim is missing or has a form we don't know. Names the claim, never a value."""


@dataclass(frozen=True)
class Attributes:
    """Who somebody was proved to be."""

    family_name: str
    given_name: str
    birth_date: date
    address: str

    @property
    def name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()

    def as_json(self) -> dict[str, str]:
        return {**asdict(self), "birth_date": self.birth_date.isoformat()}

    @classmethod
    def of_json(cls, values: Mapping[str, str]) -> Attributes:
        return cls(**{**values, "birth_date": date.fromisoformat(values["birth_date"])})  # type: ignore[arg-type]


def attributes_of(claims: Mapping[str, Any]) -> Attributes:
    """The attributes in an ID token's or userinfo's claims. Raises `ClaimsUnreadable`."""
    family, given = _name(claims)
    return Attributes(family, given, date_of(claims, "birthdate"), _address(claims))


def date_of(claims: Mapping[str, Any], name: str) -> date:
    """A day. Raises `ClaimsUnreadable`."""
    match = _DATE.fullmatch(str(claims.get(name, "")).strip())
    try:
        return date(*map(int, match.groups())) if match else _refuse(name)
    except ValueError:
        return _refuse(name)


def _name(claims: Mapping[str, Any]) -> tuple[str, str]:
    family, given = _text(claims.get("family_name")), _text(claims.get("given_name"))
    if not (family and given):
        family, _space, given = _text(claims.get("name")).partition(" ")
    return (family, given) if family else _refuse("name")


def _address(claims: Mapping[str, Any]) -> str:
    value = claims.get("address")
    if isinstance(value, Mapping):
        parts = ("region", "locality", "street_address")
        value = value.get("formatted") or "".join(_text(value.get(part)) for part in parts)
    return _text(value) or _refuse("address")


def _text(value: Any) -> str:
    return normalise_name(value) if isinstance(value, str) else ""


def _refuse(name: str) -> Any:
    raise ClaimsUnreadable(name)
