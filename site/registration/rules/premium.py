"""Whether a resident could have premium standing at a municipality (R8–R11, R13, R16).

Every condition is answered with what it was read from. Whether fewer than the national
number of participations could be asked for is no question here: nobody may (R8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from accounts.rules.ages import is_minor
from common.decision import Condition, Decision
from registration.rules.parameters import Parameters
from registration.rules.residence import Place, lives_in
from registration.rules.year import counting_window

NOT_DESIGNATED = "not_designated"
BEFORE_WINDOW = "before_window"
AFTER_WINDOW = "after_window"
SAME_DAY = "same_day"
SAME_SESSION = "same_session"


@dataclass(frozen=True)
class Participation:
    """One participation as the ledger has it; `session` is the session's UUID as text."""

    session: str
    day: date
    designated: bool
    municipality: str


@dataclass(frozen=True)
class PremiumInput:
    """What the answer is read from.

    `participations` may hold those at other municipalities: they don't count and aren't
    mentioned. `identity_verified`: by a proof that holds now.
    """

    participations: tuple[Participation, ...]
    identity_verified: bool
    birth_date: date
    guardian_consent: bool
    residence: Place
    municipality: Place
    today: date
    parameters: Parameters


@dataclass(frozen=True)
class Counted:
    """Sessions that count, and for each of the others the reason why not."""

    sessions: tuple[str, ...]
    not_counted: tuple[tuple[str, str], ...]


def assess_premium(facts: PremiumInput) -> Decision:
    """Yes, or every condition that is missing.

    Codes: `enough_participations` (data have, need, missing, first_day, last_day,
    not_counted; evidence the sessions that count), `identity_verified`,
    `lives_elsewhere`, and for a minor `guardian_consent`.
    """
    conditions = [_enough_participations(facts), _identity(facts), _lives_elsewhere(facts)]
    if is_minor(facts.birth_date, facts.today, facts.parameters.adult_age):
        conditions.append(Condition("guardian_consent", facts.guardian_consent))
    return Decision(conditions)


def count_participations(
    participations: Sequence[Participation],
    municipality: str,
    first: date,
    last: date,
    *,
    one_a_day: bool,
) -> Counted:
    """Distinct sessions, designated, between `first` and `last` (both included).

    With `one_a_day` the first of a day counts, in the order of the sessions' ids, so that the
    same ledger always gives the same answer.
    """
    sessions: list[str] = []
    not_counted: list[tuple[str, str]] = []
    days: set[date] = set()
    own = {item for item in participations if item.municipality == municipality}
    for item in sorted(own, key=lambda item: (item.day, item.session, not item.designated)):
        reason = _reason_against(item, first, last)
        if reason is None and item.session in sessions:
            reason = SAME_SESSION
        if reason is None and one_a_day and item.day in days:
            reason = SAME_DAY
        if reason is None:
            sessions.append(item.session)
            days.add(item.day)
        else:
            not_counted.append((item.session, reason))
    return Counted(tuple(sessions), tuple(not_counted))


def _reason_against(item: Participation, first: date, last: date) -> str | None:
    if not item.designated:
        return NOT_DESIGNATED
    if item.day < first:
        return BEFORE_WINDOW
    if item.day > last:
        return AFTER_WINDOW
    return None


def _enough_participations(facts: PremiumInput) -> Condition:
    parameters = facts.parameters
    first, last = counting_window(facts.today, parameters.window)
    first = max(first, parameters.countable_from)
    counted = count_participations(
        facts.participations,
        facts.municipality.code,
        first,
        last,
        one_a_day=parameters.one_a_day,
    )
    have, need = len(counted.sessions), parameters.needed_participations
    return Condition(
        "enough_participations",
        have >= need,
        {
            "have": have,
            "need": need,
            "missing": max(0, need - have),
            "first_day": first,
            "last_day": last,
            "not_counted": [
                {"session": session, "reason": reason} for session, reason in counted.not_counted
            ],
            "parameters": parameters.version,
        },
        counted.sessions,
    )


def _identity(facts: PremiumInput) -> Condition:
    return Condition("identity_verified", facts.identity_verified)


def _lives_elsewhere(facts: PremiumInput) -> Condition:
    return Condition("lives_elsewhere", not lives_in(facts.residence, facts.municipality))
