"""Proofs of identity, and cards looked at at a counter."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.models import Resident, User
from common import clock
from identity.enums import Assurance, CardKind, Method
from identity.models import CounterCheck, Verification
from tenants.models import Municipality

SEEN = {
    "family_name": "佐藤",
    "given_name": "花子",
    "birth_date": "1988-04-02",
    "address": "宮城県気仙沼市南町1丁目2番3号",
}


def make_verification(resident: Resident, **fields: Any) -> Verification:
    """A proof that holds, made with the app unless said otherwise."""
    now = clock.now()
    return Verification.objects.create(
        **{
            "resident": resident,
            "method": Method.DIGITAL_AUTH_APP,
            "assurance": Assurance.LEVEL_3,
            "attributes": SEEN,
            "verified_at": now,
            "valid_until": now + timedelta(days=1800),
            **fields,
        }
    )


def make_check(municipality: Municipality, resident: Resident, staff: User) -> CounterCheck:
    """A card that one member of staff has looked at."""
    now = clock.now()
    return CounterCheck.objects.create(
        municipality=municipality,
        resident=resident,
        number=f"{municipality.code}-000001",
        card=CardKind.MY_NUMBER_CARD,
        card_until=date(2031, 4, 2),
        attributes=SEEN,
        proposed_by=staff,
        proposed_at=now,
        expires_at=now + timedelta(days=7),
    )
