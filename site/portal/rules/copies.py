"""A copy of one's own data: what it is made of, and its form as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FORMAT = 1
"""Raised whenever a reader of the file would have to know of a change."""


@dataclass(frozen=True)
class Value:
    """One value of a row: `stored` as JSON has it, `words` as a person reads it."""

    key: str
    label: str
    stored: Any
    words: str


@dataclass(frozen=True)
class Row:
    """One row of a table. `id` is its key as stored: a number, or a UUID as text."""

    id: int | str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Place:
    """Where a part stands that a municipality keeps by itself."""

    code: str
    name: str


@dataclass(frozen=True)
class Part:
    """What one table holds of the person, newest row first."""

    table: str
    title: str
    why: str
    place: Place | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Copy:
    """Everything, at one moment. `account` and `resident` are the numbers tables name them by."""

    made_at: datetime
    name: str
    account: int
    resident: str
    parts: tuple[Part, ...]


def to_json(copy: Copy) -> str:
    """The same copy always gives the same text; every character as it is."""
    document = {
        "format": FORMAT,
        "made_at": copy.made_at.isoformat(),
        "person": {"name": copy.name, "account": copy.account, "resident": copy.resident},
        "parts": [_part(part) for part in copy.parts],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)


def _part(part: Part) -> dict[str, Any]:
    place = part.place
    return {
        "table": part.table,
        "title": part.title,
        "why": part.why,
        "municipality": {"code": place.code, "name": place.name} if place else None,
        "rows": [
            {"id": row.id, **{value.key: value.stored for value in row.values}} for row in part.rows
        ],
    }
