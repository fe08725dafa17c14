"""A decision on premium standing: gathered, made by the engine, kept (R13, R29)."""

from __future__ import annotations

from datetime import date

from common import clock
from common.decision import Decision
from identity.queries import in_the_name_of
from registration.enums import DecisionOccasion
from registration.models import PremiumDecision, Registration
from registration.queries import conditions_of, facts_of, judged_person
from registration.rules.engine import CURRENT, decide, to_json
from registration.rules.facts import Facts
from tenants.context import public_context


def gather(
    registration: Registration, today: date | None = None, documents_checked: bool = False
) -> Facts:
    """As `read_facts`, for whoever is not the resident."""
    with public_context(), in_the_name_of(registration.resident_id) as resident:
        registration.resident = resident
        return read_facts(registration, today, documents_checked)


def read_facts(
    registration: Registration, today: date | None = None, documents_checked: bool = False
) -> Facts:
    """What a decision is read from: the ledger of all accounts of the person, the proof of
    identity, the guardian's consent, the residence, the premium standings elsewhere.

    Called as the resident, whose row `registration` brings along; five queries, one more for a
    minor.
    """
    here = str(registration.municipality_id)
    person = judged_person(registration.resident)
    return facts_of(registration, person, conditions_of([here])[here], today, documents_checked)


def decide_for(
    registration: Registration, occasion: DecisionOccasion, documents_checked: bool = False
) -> PremiumDecision:
    """Decide now and keep it, with everything it was read from; called as the resident."""
    facts = read_facts(registration, documents_checked=documents_checked)
    return keep(registration, occasion, facts, decide(facts))


def keep(
    registration: Registration, occasion: DecisionOccasion, facts: Facts, decision: Decision
) -> PremiumDecision:
    made = prepare(registration, occasion, facts, decision)
    made.save(force_insert=True)
    return made


def prepare(
    registration: Registration, occasion: DecisionOccasion, facts: Facts, decision: Decision
) -> PremiumDecision:
    """The row of a decision made now, not yet written."""
    return PremiumDecision(
        registration=registration,
        resident_id=registration.resident_id,
        municipality_id=registration.municipality_id,
        occasion=occasion,
        at=clock.now(),
        rules_version=CURRENT,
        parameters_version=facts.parameters.version,
        conditions_version=facts.asked.version,
        facts=to_json(facts),
        outcome=decision.to_json(),
        allowed=decision.allowed,
    )


def refusal_of(decision: Decision) -> str:
    """The code of the refusal that a decision means."""
    unmet = [condition.code for condition in decision.unmet]
    return "limit_reached" if unmet == ["within_limit"] else "conditions_unmet"
