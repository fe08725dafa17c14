"""Keyed hashes by which rows are found again without being read.

Keyed, so that names and telephone numbers cannot be tried out against a stolen dump; of one
municipality, so that nobody is recognised across two. A key that is replaced must stay among
`TOKEN_KEYS` as long as rows made with it wait: each is looked for under all of them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings

from attendance.rules.earlier import Entry
from attendance.rules.earlier_people import Person


def keyed(secret: bytes, kind: str, *parts: str) -> str:
    """A hash of `parts`, in which none can take over a bit of its neighbour."""
    message = "\n".join(str(len(part.encode())) + ":" + part for part in ("earlier", kind, *parts))
    return hmac.digest(secret, message.encode(), hashlib.sha256).hex()


def made(kind: str, *parts: str) -> str:
    """What is stored; "" where there is nothing to make it from."""
    return keyed(settings.TOKEN_KEYS[0][1], kind, *parts) if parts[-1] else ""


def looked_for(kind: str, *parts: str) -> list[str]:
    """What may be stored, made with any of the keys that hold."""
    if not parts[-1]:
        return []
    return [keyed(secret, kind, *parts) for _kid, secret in settings.TOKEN_KEYS]


def row_parts(municipality: str, entry: Entry) -> tuple[str, ...]:
    """What makes a row that row: where, which session, who."""
    return "row", municipality, *entry.session, *entry.person.who, "."


def person_parts(municipality: str, person: Person) -> tuple[str, ...]:
    return "person", municipality, *person.who, "."


def name_parts(municipality: str, name: str) -> tuple[str, ...]:
    return "name", municipality, name


def kana_parts(municipality: str, kana: str) -> tuple[str, ...]:
    return "kana", municipality, kana


def names_looked_for(municipality: str, names: Iterable[str]) -> list[str]:
    return [key for name in names for key in looked_for(*name_parts(municipality, name))]


def kanas_looked_for(municipality: str, kanas: Iterable[str]) -> list[str]:
    return [key for kana in kanas for key in looked_for(*kana_parts(municipality, kana))]
