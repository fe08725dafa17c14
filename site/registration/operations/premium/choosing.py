"""Over the limit the resident chooses which premium registration ends (R7)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident
from common.refusal import Refused
from registration.enums import PremiumEnd
from registration.models import PremiumStanding
from registration.operations.premium.common import By, as_person
from registration.operations.premium.ending import lapse


@transaction.atomic
def choose(resident: Resident, standing_to_end: PremiumStanding) -> None:
    """End one of one's own standings; who is over the limit may be within it again.

    Safe to repeat. Raises `Refused("not_yours")` for another's, and for a derived one, which only
    ends with its city.
    """
    with as_person(resident) as person:
        found = (
            PremiumStanding.objects.select_related("registration")
            .filter(pk=standing_to_end.pk, resident=person, derived_from=None)
            .first()
        )
        if found is None:
            raise Refused("not_yours")
        lapse(found, PremiumEnd.CHOSEN, By(person.user_id))
