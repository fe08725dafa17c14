"""Who of a municipality's registrants is called so, for lists from before the platform (R20)."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, Value
from django.db.models.functions import Concat, Lower, Replace

from attendance.rules.earlier_people import Known
from registration.queries import registrants_of
from tenants.models import Municipality


def registrants_called(
    municipality: Municipality, names: Collection[str], kanas: Collection[str]
) -> list[Known]:
    """Registrants with one of these names or furigana, as `attendance.rules.earlier_people`
    compares them; one query. Whoever asks may read the municipality's registrants."""
    rows = (
        registrants_of(municipality)
        .annotate(
            plain_name=Lower(Replace(Concat("family_name", "given_name"), Value(" "))),
            plain_kana=Lower(Replace(Replace("kana", Value(" ")), Value("・"))),
        )
        .filter(Q(plain_name__in=names) | Q(plain_kana__in=kanas))
        .order_by("registered_at", "pk")
    )
    return [
        Known(
            row.resident_id, row.name, row.kana, row.birth_date, row.phone, row.number,
            row.registered_at,
        )
        for row in rows
    ]  # fmt: skip
