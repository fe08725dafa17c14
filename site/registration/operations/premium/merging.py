"""Two accounts of one person become one: what becomes of premium standing (R7)."""

from __future__ import annotations

from accounts.models import Resident
from registration.enums import (
    OPEN_APPLICATIONS,
    ApplicationStatus,
    PremiumEnd,
    StandingStatus,
)
from registration.models import (
    PremiumApplication,
    PremiumSlot,
    PremiumStanding,
    Registration,
    Stay,
)
from registration.operations.premium.common import By
from registration.operations.premium.ending import delete_documents
from registration.operations.premium.settling import end_row, settle
from registration.queries import registrations_of
from registration.rules.moves import Move, moved


def take_over_premium(kept: Resident, other: Resident) -> None:
    """Standings, applications and stays of `other` become those of `kept`, at the registration
    that stays. Called once the registrations have become `kept`'s.

    Of two standings at one municipality the earlier stays, and a direct one before a derived. More
    than the limit allows may run then: those that began last are over it. Decisions stay as they
    were made, of the account they were made for. Safe to repeat.
    """
    by = By(kept.user_id)
    # Numbers of two accounts meet: all are given anew, to who has been premium longest first.
    PremiumSlot.objects.filter(resident__in=[kept, other]).delete()
    here = {str(row.municipality_id): row for row in registrations_of(kept)}
    _join_standings(kept, other, here, by)
    _join_applications(kept, other, here)
    for stay in Stay.objects.filter(resident=other):
        stay.resident = kept
        stays = here.get(str(stay.municipality_id))
        days = {"first_day": stay.first_day, "last_day": stay.last_day}
        if stays and not Stay.objects.filter(registration=stays, **days).exists():
            stay.registration = stays
        stay.save(update_fields=["resident", "registration"])
    settle(kept, by)


def _join_standings(kept: Resident, other: Resident, here: dict[str, Registration], by: By) -> None:
    running: dict[str, PremiumStanding] = {}
    rows = PremiumStanding.objects.filter(resident__in=[kept, other]).select_related("registration")
    in_order = sorted(
        rows.running(), key=lambda row: (row.derived_from_id is not None, row.starts_on, row.pk)
    )
    for row in in_order:
        if str(row.municipality_id) not in running:
            running[str(row.municipality_id)] = row
            continue
        first = running[str(row.municipality_id)]
        row.derived.filter(status=StandingStatus.ACTIVE).update(derived_from=first)
        row.registration.resident = kept
        end_row(row, Move.LAPSE, by, PremiumEnd.MERGED, silent=True)
    for row in rows.filter(resident=other):
        row.resident = kept
        row.save(update_fields=["resident"])
    for code, row in running.items():
        if code in here and row.registration_id != here[code].pk:
            PremiumStanding.objects.filter(pk=row.pk).update(registration=here[code])


def _join_applications(kept: Resident, other: Resident, here: dict[str, Registration]) -> None:
    of_both = PremiumApplication.objects.filter(resident__in=[kept, other])
    open_ones = of_both.filter(status__in=OPEN_APPLICATIONS).order_by("submitted_at", "pk")
    seen: set[str] = set()
    for row in open_ones:
        code = str(row.municipality_id)
        if code in seen or code not in here:
            row.status = ApplicationStatus(moved(row.status, Move.WITHDRAW))
            row.save(update_fields=["status"])
            delete_documents(row)
        seen.add(code)
    for row in of_both.filter(resident=other):
        row.resident = kept
        row.save(update_fields=["resident"])
    for row in of_both.filter(resident=kept, status__in=OPEN_APPLICATIONS):
        stays = here[str(row.municipality_id)]
        if row.registration_id != stays.pk:
            row.registration = stays
            row.save(update_fields=["registration"])
