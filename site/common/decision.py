"""What a rule answers: yes or no, with every condition and the evidence it was read from (R13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any, Self
from uuid import UUID


def _plain(value: object) -> Any:
    """The JSON shape of a value, so that a stored decision equals the one that was made."""
    match value:
        case Enum():
            return _plain(value.value)
        case None | bool() | int() | float() | str():
            return value
        case date() | time():  # a datetime is a date
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=str)
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"a decision cannot keep a {type(value).__name__}: it has no JSON form")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition and its outcome.

    `code` names it (`enough_participations`), `data` holds figures for its sentence
    (`{"have": 2, "need": 3}`), `evidence` the ids of the records it was read from. Dates,
    decimals, UUIDs and enum members are kept in their JSON form; anything else without one
    raises TypeError.
    """

    code: str
    met: bool
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)
    evidence: tuple[Any, ...] = field(default=(), hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", _plain(self.data))
        object.__setattr__(self, "evidence", tuple(_plain(list(self.evidence))))

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "met": self.met,
            "data": dict(self.data),
            "evidence": list(self.evidence),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored["code"], stored["met"], stored["data"], tuple(stored["evidence"]))


@dataclass(frozen=True, slots=True)
class Decision:
    """All conditions of one question, met or not, in the order they are explained."""

    conditions: tuple[Condition, ...]

    def __init__(self, conditions: Iterable[Condition] = ()) -> None:
        object.__setattr__(self, "conditions", tuple(conditions))

    @property
    def allowed(self) -> bool:
        """True when every condition is met; a question without conditions is open to all (R3)."""
        return all(condition.met for condition in self.conditions)

    @property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(condition for condition in self.conditions if not condition.met)

    def to_json(self) -> dict[str, Any]:
        """A dict for a JSONField: `{"conditions": [{code, met, data, evidence}, …]}`."""
        return {"conditions": [condition.to_json() for condition in self.conditions]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The decision `to_json` stored. Raises KeyError when the shape is another."""
        return cls(Condition.from_json(condition) for condition in stored["conditions"])
