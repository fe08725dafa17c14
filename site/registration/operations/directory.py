"""Who is registered here, for the apps below that ask (`identity.registry`)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace

from common.text import normalise_kana, normalise_name
from identity.registry import Registrant
from registration.models import Registration
from registration.queries import active_registration, registrants_of
from tenants.models import Municipality

MOST = 20


class RegistrantDirectory:
    """What a registration discloses to the municipality, to its own staff."""

    def search(self, municipality: Municipality, words: str) -> list[Registrant]:
        """By the whole number, or by part of the name or furigana; spaces don't matter."""
        name = normalise_name(words).replace(" ", "")
        kana = normalise_kana(words).replace(" ", "")
        if not name:
            return []
        rows = registrants_of(municipality).annotate(
            whole_name=Concat("family_name", "given_name"),
            whole_kana=Replace("kana", Value(" "), Value("")),
        )
        found = rows.filter(
            Q(number=words)
            | Q(number=f"{municipality.code}-{words}")
            | Q(whole_name__contains=name)
            | Q(whole_kana__contains=kana)
        )
        return [_as_registrant(row) for row in found[:MOST]]

    def find(self, municipality: Municipality, resident_id: UUID) -> Registrant | None:
        row = active_registration(resident_id, municipality)
        return _as_registrant(row) if row else None


def _as_registrant(row: Registration) -> Registrant:
    return Registrant(
        resident_id=row.resident_id,
        number=row.number,
        family_name=row.family_name,
        given_name=row.given_name,
        kana=row.kana,
        birth_date=row.birth_date,
        address=row.address,
        email=row.email,
    )
