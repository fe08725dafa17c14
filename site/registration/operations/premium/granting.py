"""Premium standing begins (R7, R14)."""

from __future__ import annotations

from common import clock
from common.refusal import Refused
from registration.enums import EventKind, Origin, RegistrationKind
from registration.models import PremiumDecision, PremiumStanding, Registration
from registration.operations.premium.common import By, record
from registration.operations.premium.letters import tell
from registration.operations.premium.settling import changed, settle
from registration.operations.premium.staying import mark_long_stay
from registration.queries import standing_at
from registration.rules.terms import first_term


def grant(registration: Registration, decision: PremiumDecision, by: By) -> PremiumStanding:
    """Let the first term begin today. Called as the resident, who is locked, with a decision
    made under that lock. A prefecture's derived standing becomes a direct one.

    Raises `Refused`: "already_premium", "limit_reached".
    """
    starts_on, ends_on = first_term(clock.today())
    standing = standing_at(registration)
    if standing and standing.derived_from_id is None:
        raise Refused("already_premium")
    if standing is None:
        standing = PremiumStanding(
            registration=registration,
            resident_id=registration.resident_id,
            municipality=registration.municipality,
            starts_on=starts_on,
        )
    if registration.is_co_registered:
        # Premium of one's own does not hang on a city any more, so the registration must not.
        registration.origin = Origin.DIRECT
        registration.save(update_fields=["origin"])
        record(registration, EventKind.MADE_DIRECT, by)
    standing.registration = registration
    standing.derived_from, standing.ends_on, standing.decision = None, ends_on, decision
    standing.save()
    registration.kind = RegistrationKind.PREMIUM
    registration.save(update_fields=["kind"])
    settle(registration.resident, by, new=standing)
    record(registration, EventKind.PREMIUM_GRANTED, by, decision)
    mark_long_stay(standing, by)
    tell(registration, "granted", standing=standing)
    changed(standing, "granted")
    return standing
