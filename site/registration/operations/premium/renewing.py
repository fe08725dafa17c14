"""A premium term is renewed (R14)."""

from __future__ import annotations

from django.db import transaction

from common import clock
from common.refusal import Refused
from registration.enums import DecisionOccasion, EventKind
from registration.models import PremiumDecision, PremiumStanding
from registration.operations.premium.common import CLOCK, By, in_their_name, record
from registration.operations.premium.deciding import decide_for
from registration.operations.premium.letters import tell
from registration.operations.premium.settling import changed, settle
from registration.operations.premium.staying import mark_long_stay
from registration.queries import standing_at
from registration.rules.moves import Move, moved
from registration.rules.terms import is_renewable, next_end


@transaction.atomic
def renew(
    standing: PremiumStanding,
    occasion: DecisionOccasion = DecisionOccasion.NIGHTLY,
    by: By = CLOCK,
    documents_checked: bool = False,
) -> PremiumDecision:
    """Judge again and, where every condition is met, let the term last another year.

    Returns the decision, kept either way. The clock's decision of the same outcome on the same
    term is kept once. Raises `Refused("renewal_not_open")`: before the last 60 days, after the
    end, and where it was renewed already.
    """
    with in_their_name(standing.registration) as registration:
        current = standing_at(registration)
        if current is None or current.pk != standing.pk or current.derived_from_id is not None:
            raise Refused("renewal_not_open")
        if not is_renewable(current.ends_on, clock.today()):
            raise Refused("renewal_not_open")
        decision = decide_for(registration, occasion, documents_checked)
        if decision.allowed:
            current.registration = registration
            prolong(current, decision, by)
        return decision


def prolong(standing: PremiumStanding, decision: PremiumDecision, by: By) -> None:
    """Move the end by a year. Called as the resident, who is locked."""
    standing.status = moved(standing.status, Move.RENEW)
    standing.ends_on = next_end(standing.ends_on)
    standing.decision = decision
    standing.save(update_fields=["status", "ends_on", "decision"])
    registration = standing.registration
    record(registration, EventKind.PREMIUM_RENEWED, by, decision)
    settle(registration.resident, by)
    mark_long_stay(standing, by)
    tell(registration, "renewed", standing=standing)
    changed(standing, "renewed")
