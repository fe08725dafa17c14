"""Residents who meet the conditions for premium registration, and those who have it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from accounts.models import Resident
from attendance.enums import CheckInMethod
from attendance.models import ParticipationRecord
from common import clock
from identity.models import Verification
from registration.models import (
    MunicipalConditions,
    PremiumDecision,
    PremiumSlot,
    PremiumStanding,
    Registration,
)
from registration.operations.premium import apply
from registration.queries import active_registration, standing_at
from registration.rules.terms import first_term
from tenants.models import Municipality
from tenants.postgresql.names import schema_of
from tests.factories.accounts import ResidentFactory
from tests.factories.guardians import verify
from tests.factories.registration import register_resident


def took_part(
    resident: Resident, municipality: Municipality, day: date | None = None, **fields: Any
) -> ParticipationRecord:
    """One participation that counts, unless told otherwise."""
    day = day or clock.today()
    moment = datetime.combine(day, time(9), tzinfo=clock.TOKYO)
    return ParticipationRecord.objects.create(
        **{
            "resident": resident,
            "municipality": municipality,
            "session_uuid": uuid4(),
            "activity_title": "浜の清掃",
            "session_date": day,
            "starts_at": moment,
            "ends_at": moment + timedelta(hours=2),
            "hours": Decimal(2),
            "designated": True,
            "method": CheckInMethod.VENUE_CODE,
            "recorded_at": moment,
            **fields,
        }
    )


def took_part_thrice(resident: Resident, municipality: Municipality) -> None:
    for days in range(3):
        took_part(resident, municipality, clock.today() - timedelta(days=days))


def make_verified(**fields: Any) -> Resident:
    """Somebody of Tokyo whose identity is proved for years."""
    resident: Resident = ResidentFactory(**({"residence_id": "131016"} | fields))
    verify(resident, valid_until=clock.now() + timedelta(days=3650))
    return resident


def make_eligible(resident: Resident, municipality: Municipality) -> Registration:
    """Registered, with three participations."""
    registration = register_resident(resident, municipality)
    took_part_thrice(resident, municipality)
    return registration


def make_premium(resident: Resident, municipality: Municipality) -> PremiumStanding:
    """Premium from today, by an application."""
    registration = make_eligible(resident, municipality)
    apply(registration)
    standing = standing_at(registration)
    assert standing is not None
    return standing


def conditions(municipality: Municipality, **fields: Any) -> MunicipalConditions:
    """The next version of what a municipality asks for."""
    newest = MunicipalConditions.objects.newest_of(municipality)
    return MunicipalConditions.objects.create(
        municipality=municipality, version=newest.version + 1, **fields
    )


def paper_municipality(code: str, status: str = "published") -> Municipality:
    """One that takes part and has no schema: for what touches shared tables alone."""
    Municipality.objects.bulk_create(
        [
            Municipality(
                local_government_id=code,
                schema_name=schema_of(code),
                status=status,
                slug=f"p{code}",
                joined_on=clock.today(),
            )
        ]
    )
    return Municipality.objects.get(pk=code)


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
