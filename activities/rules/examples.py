"""Examples of activities by kind of organisation, to begin a new one from (A10.4, A12.6–A12.9)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parent.parent / "data" / "templates.toml"


@dataclass(frozen=True)
class ActivityTemplate:
    """An example: texts in Japanese, its name and summary in English too.

    `kinds` are codes of `organisations.enums.OrganisationKind`, `category` and `insurance` of
    `activities.enums`; `length` is from start to end, `hours` what counts where that differs.
    """

    key: str
    kinds: tuple[str, ...]
    category: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    belongings: str
    safety: str
    start: time
    length: timedelta
    capacity: int | None
    hours: Decimal | None = None
    minimum_age: int | None = None
    insurance: str = "covered"
    is_paid: bool = False
    is_remote: bool = False
    stay: str = ""


@cache
def templates() -> dict[str, ActivityTemplate]:
    """All examples by their key, in the order of the file."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["template"]
    return {row["key"]: _read(row) for row in rows}


def _read(row: dict[str, Any]) -> ActivityTemplate:
    hours = row.get("hours")
    return ActivityTemplate(
        **(
            row
            | {
                "kinds": tuple(row["kinds"]),
                "start": time.fromisoformat(row["start"]),
                "length": timedelta(hours=row["length"]),
                "capacity": row.get("capacity"),
                "hours": None if hours is None else Decimal(str(hours)),
            }
        )
    )
