"""Something premium rests on has changed: what it means is said at once (R10, R11, R16)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident
from registration.enums import DecisionOccasion, PremiumEnd
from registration.models import PremiumDecision, PremiumStanding
from registration.operations.premium.common import as_person
from registration.operations.premium.deciding import keep, read_facts
from registration.operations.premium.ending import lapse
from registration.operations.premium.letters import tell
from registration.queries import standings_of
from registration.rules.engine import decide

# What may come and go during a term. Participations and documents are judged at its end alone.
_WATCHED = ("identity_verified", "guardian_consent", "lives_elsewhere")


@transaction.atomic
def reassess(resident: Resident) -> int:
    """Judge every running standing again; returns how many changed for the worse.

    A guardian's consent that ended ends it at once (R11). Anything else lasts until the end of
    the term, and its holder is told now what will be missing at the renewal. What was told
    before is not told again: safe to repeat.
    """
    worse = 0
    with as_person(resident) as person:
        for standing in standings_of(person).filter(derived_from=None):
            standing.registration.resident = person
            standing.registration.municipality = standing.municipality
            worse += _judge(standing)
    return worse


def _judge(standing: PremiumStanding) -> bool:
    registration = standing.registration
    facts = read_facts(registration, documents_checked=True)
    decision = decide(facts)
    missing = {item.code for item in decision.unmet if item.code in _WATCHED}
    known = _missing_before(standing)
    if missing == known:
        return False
    keep(registration, DecisionOccasion.CHANGE, facts, decision)
    if "guardian_consent" in missing:
        return lapse(standing, PremiumEnd.CONSENT_ENDED)
    if missing - known:
        unmet = [item for item in decision.unmet if item.code in missing]
        tell(registration, "at_renewal", standing=standing, unmet=unmet)
        return True
    return False


def _missing_before(standing: PremiumStanding) -> set[str]:
    """What the newest decision of this term found missing."""
    newest = (
        PremiumDecision.objects.filter(
            registration=standing.registration, at__gte=standing.decision.at
        )
        .order_by("-at")
        .first()
    )
    unmet = newest.decision.unmet if newest else ()
    return {item.code for item in unmet if item.code in _WATCHED}
