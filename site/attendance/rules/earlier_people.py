"""Whose row is it? A person on a list, compared with people who have registered (R20).

Nothing is guessed: what agrees in name, date of birth and telephone number is one person, what
agrees in part is for somebody to look at, and the rest waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from attendance.rules.earlier_cells import is_kana
from common.text import normalise_digits, normalise_kana, normalise_name


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a list names them. `phone` is digits; what is not known is "" or None."""

    name: str
    kana: str = ""
    birth_date: date | None = None
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        born = self.birth_date.isoformat() if self.birth_date else ""
        texts = {name: getattr(self, name) for name in _TEXTS}
        return {name: text for name, text in {**texts, "birth_date": born}.items() if text}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        born = stored.get("birth_date")
        texts = {name: stored.get(name, "") for name in _TEXTS}
        return cls(**texts, birth_date=date.fromisoformat(born) if born else None)

    @property
    def name_key(self) -> str:
        return name_key(self.name)

    @property
    def kana_key(self) -> str:
        """Of the furigana, or of a name that is written in kana."""
        return kana_key(self.kana or self.name)

    @property
    def who(self) -> tuple[str, str, str]:
        """What makes two rows of one person: name, date of birth, telephone number."""
        born = self.birth_date.isoformat() if self.birth_date else ""
        return self.name_key, born, self.phone


_TEXTS = ("name", "kana", "phone", "email", "address", "note")


@dataclass(frozen=True, slots=True)
class Known:
    """A registrant as the municipality was told of them. `reference` is what staff call them by,
    `since` when they registered."""

    resident: UUID
    name: str
    kana: str
    birth_date: date | None
    phone: str
    reference: str = ""
    since: datetime | None = None


class Likeness(StrEnum):
    """How far two descriptions agree."""

    SAME = "same"
    NEAR = "near"
    OTHER = "other"


def name_key(name: str) -> str:
    """What names are compared by: 佐藤　花子 and 佐藤花子 are one."""
    return normalise_name(name).replace(" ", "").casefold()


def kana_key(kana: str) -> str:
    """What furigana are compared by; "" of what is none."""
    plain = normalise_kana(kana)
    return plain.replace(" ", "").replace("・", "").casefold() if is_kana(plain) else ""


def likeness(person: Person, known: Known) -> Likeness:
    """SAME if name, date of birth and telephone number agree. NEAR if name or furigana agree, and
    one of the other two does, or neither can be compared."""
    same_name = person.name_key == name_key(known.name)
    same_kana = bool(person.kana_key) and person.kana_key == kana_key(known.kana)
    born = _agree(person.birth_date, known.birth_date)
    phone = _agree(person.phone, normalise_digits(known.phone))
    if same_name and born and phone:
        return Likeness.SAME
    if (same_name or same_kana) and (born or phone or (born is None and phone is None)):
        return Likeness.NEAR
    return Likeness.OTHER


def _agree(one: object, other: object) -> bool | None:
    """None where one of them is not known."""
    return one == other if one and other else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`owner` of a row that is certain; else those it may be of, none if it waits."""

    owner: Known | None = None
    candidates: tuple[Known, ...] = ()


def decide(person: Person, known: Sequence[Known]) -> Verdict:
    """Whose row it is. Two that agree in everything are for staff: only they can tell."""
    found = [(likeness(person, one), one) for one in known]
    same = [one for how, one in found if how is Likeness.SAME]
    if len(same) == 1:
        return Verdict(owner=same[0])
    return Verdict(candidates=tuple(one for how, one in found if how is not Likeness.OTHER))


def may_claim(person: Person, name: str, birth_date: date, phone: str) -> bool:
    """Whether somebody who says this is the person of a row that has all three."""
    return person.who == (name_key(name), birth_date.isoformat(), normalise_digits(phone))
