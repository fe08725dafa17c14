"""Whether somebody has premium standing at a municipality, and every reason (R13, R29).

A decision is read from `Facts` alone and names the version it was made under; replaying the
stored facts under that version gives the stored outcome, years later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from common.decision import Condition, Decision
from registration.rules import version_1
from registration.rules.facts import Facts
from registration.rules.stored import from_json, to_json

__all__ = ["CURRENT", "VERSIONS", "decide", "from_json", "to_json"]

VERSIONS: Final[Mapping[str, Callable[[Facts], Iterable[Condition]]]] = {
    "1": version_1.conditions,
}
CURRENT: Final = "1"


def decide(facts: Facts, version: str = CURRENT) -> Decision:
    """Yes, or every condition that is missing.

    Codes, in this order: `registered`; `enough_participations` (data have, need, missing,
    first_day, last_day, not_counted; evidence the sessions that count); where asked for
    `of_category` (have, need, missing, category) and `enough_hours` (have, need, missing, all
    decimal text); `identity_verified`; for a minor `guardian_consent`; `lives_elsewhere`;
    `within_limit` (held: codes that count, max); where asked for `documents_checked`.

    Raises `KeyError` for a version there never was.
    """
    return Decision(VERSIONS[version](facts))
