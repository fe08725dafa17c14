"""Two accounts of one person become one: what becomes of the registrations."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Resident
from common import clock
from registration.enums import EventKind, Origin, RegistrationStatus
from registration.models import Registration
from registration.operations.disclosure import refresh_disclosure
from registration.operations.moves import follow_move
from registration.operations.premium.merging import take_over_premium
from registration.operations.premium.reassessing import reassess
from registration.operations.register import record
from tenants.models import Municipality


@dataclass(frozen=True)
class _Pair:
    """Both accounts are registered with the same municipality."""

    stays: Registration
    ends: Registration

    @classmethod
    def of(cls, one: Registration, another: Registration) -> _Pair:
        """The older stays: its number has been in use for longer."""
        return cls(*sorted((one, another), key=lambda row: (row.registered_at, row.pk)))


def take_over(kept: Resident, other: Resident) -> None:
    """All registrations of `other`, past ones too, become those of `kept`.

    Where both are registered with one municipality the older registration stays, and the other
    ends with `EventKind.MERGED`. Neither `registered` nor `ended` is sent: the person leaves no
    municipality and joins none.
    """
    mine, theirs = _active(kept), _active(other)
    for code in mine.keys() & theirs.keys():
        _join(_Pair.of(mine[code], theirs[code]), kept)
    for row in Registration.objects.filter(resident=other).order_by("pk"):
        row.resident = kept
        row.save(update_fields=["resident"])
        if row.is_active:
            record(row, EventKind.TAKEN_OVER, kept)
    take_over_premium(kept, other)
    refresh_disclosure(kept)
    follow_move(kept)
    reassess(kept)


def municipalities_of(resident: Resident) -> list[Municipality]:
    """All that the resident is or was registered with."""
    codes = Registration.objects.filter(resident=resident).order_by().values("municipality")
    return list(Municipality.objects.filter(pk__in=codes.distinct()))


def _active(resident: Resident) -> dict[str, Registration]:
    rows = Registration.objects.select_for_update(of=("self",)).filter(
        resident=resident, status=RegistrationStatus.ACTIVE
    )
    return {str(row.municipality_id): row for row in rows}


def _join(pair: _Pair, kept: Resident) -> None:
    pair.ends.status = RegistrationStatus.ENDED
    pair.ends.ended_at = clock.now()
    pair.ends.save(update_fields=["status", "ended_at"])
    record(pair.ends, EventKind.MERGED, kept, reason=pair.stays.number)
    if pair.stays.is_co_registered and not pair.ends.is_co_registered:
        pair.stays.origin = Origin.DIRECT
        pair.stays.save(update_fields=["origin"])
        record(pair.stays, EventKind.MADE_DIRECT, kept)
