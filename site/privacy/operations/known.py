"""Remembering where somebody who need not be registered has left something."""

from __future__ import annotations

from accounts.models import Resident
from privacy.models import KnownTo
from tenants.actors import standing_in
from tenants.models import Municipality


def remember(resident: Resident, municipality: Municipality) -> None:
    """`municipality` holds something of `resident` from now on. By the resident, who may be acting
    for an organisation meanwhile; safe to repeat."""
    with standing_in(resident.user_id, resident.pk):
        KnownTo.objects.bulk_create(
            [KnownTo(resident=resident, municipality=municipality)], ignore_conflicts=True
        )


def places_remembered(resident: Resident) -> list[Municipality]:
    """The municipalities of a resident's rows."""
    codes = KnownTo.objects.filter(resident=resident).values("municipality")
    return list(Municipality.objects.filter(pk__in=codes))


def take_over_places(kept: Resident, other: Resident) -> None:
    """Two accounts of one person become one: the kept one is known where the other was."""
    for municipality in places_remembered(other):
        remember(kept, municipality)
