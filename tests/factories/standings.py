"""Premium standings as they stand in the database, whatever led there."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from accounts.models import Resident
from attendance.models import ParticipationRecord
from common import clock
from identity.models import Verification
from registration.models import MunicipalConditions, PremiumDecision, PremiumSlot, PremiumStanding
from registration.queries import active_registration
from registration.rules.terms import first_term
from tenants.models import Municipality
from tests.factories.registration import register_resident


def make_standing(
    resident: Resident,
    place: Municipality,
    *,
    ends_on: date | None = None,
    slot: int | None = None,
    derived_from: PremiumStanding | None = None,
    over_limit: bool = False,
) -> PremiumStanding:
    """A standing that runs, of somebody who is registered there with it."""
    registration = active_registration(resident.pk, place) or register_resident(resident, place)
    day = clock.today()
    decision = PremiumDecision.objects.create(
        registration=registration, resident=resident, municipality=place, occasion="application",
        at=clock.now(), rules_version="1", parameters_version="1", conditions_version=0,
        facts={}, outcome={"conditions": []}, allowed=True,
    )  # fmt: skip
    standing = PremiumStanding.objects.create(
        registration=registration, resident=resident, municipality=place, starts_on=day,
        ends_on=ends_on or first_term(day)[1], derived_from=derived_from, decision=decision,
        over_limit=over_limit,
    )  # fmt: skip
    registration.kind = "premium"
    registration.save(update_fields=["kind"])
    if slot:
        PremiumSlot.objects.create(standing=standing, resident=resident, number=slot)
    return standing


def take_part(resident: Resident, place: Municipality, *days: date) -> None:
    for day in days:
        at = datetime.combine(day, time(10), tzinfo=clock.TOKYO)
        ParticipationRecord.objects.create(
            resident=resident, municipality=place, session_uuid=uuid4(), activity_title="海岸清掃",
            session_date=day, starts_at=at, ends_at=at + timedelta(hours=2), hours=2,
            designated=True, method="venue_code", recorded_at=clock.now(),
        )  # fmt: skip


def prove(resident: Resident) -> Verification:
    """A proof of identity that holds for five years; what it says is the profile's."""
    made: Verification = Verification.objects.create(
        resident=resident, method="digital_auth_app", assurance="level_3", attributes={},
        verified_at=clock.now(), valid_until=clock.now() + timedelta(days=5 * 366),
    )  # fmt: skip
    return made


def renews_by_itself(place: Municipality, **asked: object) -> MunicipalConditions:
    version = MunicipalConditions.objects.filter(municipality=place).count() + 1
    made: MunicipalConditions = MunicipalConditions.objects.create(
        municipality=place, version=version, **{"renews_by_itself": True, **asked}
    )
    return made
