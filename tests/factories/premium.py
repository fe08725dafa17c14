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
from registration.models import MunicipalConditions, PremiumStanding, Registration
from registration.operations.premium import apply
from registration.queries import standing_at
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
