"""The first version of the conditions for premium standing (R7–R13, R16).

Stored decisions replay through this file and what it calls: once the scheme has begun, a changed
rule is a new version beside this one, and what only one of them needs moves into its file.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from common.decision import Condition
from registration.rules import limit
from registration.rules.counting import Counted, count
from registration.rules.facts import Facts
from registration.rules.residence import lives_in


def conditions(facts: Facts) -> Iterator[Condition]:
    """Every condition in the order it is explained. See `registration.rules.engine.decide`."""
    asked, counted = facts.asked, count(facts)
    yield Condition("registered", facts.is_registered)
    yield _enough_participations(facts, counted)
    if asked.of_category:
        yield _of_category(facts, counted)
    if asked.hours:
        yield _enough_hours(facts, counted)
    yield Condition("identity_verified", facts.identity_valid)
    if facts.is_minor:
        yield Condition("guardian_consent", facts.guardian_consent)
    yield Condition("lives_elsewhere", not lives_in(facts.residence, facts.municipality))
    yield _within_limit(facts)
    if asked.documents:
        yield Condition("documents_checked", facts.documents_checked)


def _enough_participations(facts: Facts, counted: Counted) -> Condition:
    # Whatever a municipality has stored, never fewer than the nation asks for (R8).
    need = max(facts.parameters.needed_participations, facts.asked.needed)
    have = len(counted.taken)
    return Condition(
        "enough_participations",
        have >= need,
        {
            "have": have,
            "need": need,
            "missing": max(0, need - have),
            "first_day": counted.first,
            "last_day": counted.last,
            "not_counted": [
                {"session": session, "reason": reason} for session, reason in counted.not_counted
            ],
        },
        counted.sessions,
    )


def _of_category(facts: Facts, counted: Counted) -> Condition:
    category, need = facts.asked.category, facts.asked.of_category
    sessions = counted.of_category(category)
    return Condition(
        "of_category",
        len(sessions) >= need,
        {
            "have": len(sessions),
            "need": need,
            "missing": max(0, need - len(sessions)),
            "category": category,
        },
        sessions,
    )


def _enough_hours(facts: Facts, counted: Counted) -> Condition:
    have, need = counted.hours, facts.asked.hours
    return Condition(
        "enough_hours",
        have >= need,
        {"have": have, "need": need, "missing": max(need - have, Decimal(0))},
    )


def _within_limit(facts: Facts) -> Condition:
    most = facts.parameters.max_premium
    return Condition(
        "within_limit",
        limit.is_within(facts.municipality, facts.held, most),
        {"held": limit.counted(facts.held), "max": most},
    )
