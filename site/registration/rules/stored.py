"""Facts as JSON and back, without loss: a decision is stored with what it was read from (R13).

Days are ISO text, hours decimal text as it stands, keys in the order of the fields. What a field
is added to later reads as its default in what was stored before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from registration.rules.facts import Asked, Facts, Held, Taken
from registration.rules.parameters import Parameters
from registration.rules.residence import Place


def to_json(facts: Facts) -> dict[str, Any]:
    """A dict for a JSONField; equal facts that are written the same give equal text."""
    written: dict[str, Any] = _plain(asdict(facts))
    return written


def from_json(stored: Mapping[str, Any]) -> Facts:
    """The facts `to_json` stored. Raises `KeyError` or `TypeError` when the shape is another."""
    return Facts(
        **(
            dict(stored)
            | {
                "today": date.fromisoformat(stored["today"]),
                "municipality": Place(**stored["municipality"]),
                "residence": Place(**stored["residence"]),
                "parameters": _parameters(stored["parameters"]),
                "participations": tuple(_taken(item) for item in stored["participations"]),
                "held": tuple(_held(item) for item in stored["held"]),
                "asked": _asked(stored["asked"]),
            }
        )
    )


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {key: _plain(item) for key, item in value.items()}
        case tuple():
            return [_plain(item) for item in value]
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value


def _parameters(stored: Mapping[str, Any]) -> Parameters:
    day = date.fromisoformat(stored["countable_from"])
    return Parameters(**(dict(stored) | {"countable_from": day}))


def _taken(stored: Mapping[str, Any]) -> Taken:
    day, hours = date.fromisoformat(stored["day"]), Decimal(stored["hours"])
    return Taken(**(dict(stored) | {"day": day, "hours": hours}))


def _held(stored: Mapping[str, Any]) -> Held:
    return Held(**(dict(stored) | {"place": Place(**stored["place"])}))


def _asked(stored: Mapping[str, Any]) -> Asked:
    return Asked(**(dict(stored) | {"hours": Decimal(stored["hours"])}))
