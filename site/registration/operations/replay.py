"""Stored decisions, decided again (R13, R29)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from registration.models import PremiumDecision
from registration.rules.engine import decide, from_json

CHUNK = 1000


def replayed(rows: QuerySet[PremiumDecision]) -> Iterator[tuple[PremiumDecision, list[str]]]:
    """Each decision with what differs; nothing where it replays to the same result.

    Named are codes of conditions whose outcome is another, or that are there in one only;
    `order` where only their order is; `allowed` and the versions where the row says something
    else than its facts and its outcome; `unreadable` where facts or version are none of ours.
    Rows are read in chunks of a cursor on the server.
    """
    for row in rows.iterator(chunk_size=CHUNK):
        yield row, _differences(row)


def _differences(row: PremiumDecision) -> list[str]:
    try:
        facts = from_json(row.facts)
        again = decide(facts, row.rules_version)
        stored = _by_code(row.outcome)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return ["unreadable"]
    made = again.to_json()
    expected = _by_code(made)
    found = [code for code in [*expected, *stored] if expected.get(code) != stored.get(code)]
    differences = list(dict.fromkeys(found))
    if not differences and made != row.outcome:
        differences = ["order"]
    for name, value in (
        ("allowed", again.allowed),
        ("parameters_version", facts.parameters.version),
        ("conditions_version", facts.asked.version),
    ):
        if getattr(row, name) != value:
            differences.append(name)
    return differences


def _by_code(outcome: dict[str, Any]) -> dict[str, Any]:
    return {condition["code"]: condition for condition in outcome["conditions"]}
