"""Somebody closes their account: no registration goes on."""

from __future__ import annotations

from accounts.models import Resident
from registration.enums import PremiumEnd, RegistrationStatus
from registration.models import Registration
from registration.operations.leave import end
from registration.operations.premium.common import By
from registration.operations.premium.settling import end_row
from registration.queries import standings_of
from registration.rules.moves import Move
from registration.signals import ended


def end_registrations(resident: Resident) -> None:
    """End all that hold, the prefectures' too, with what is premium about them; no mail for each.
    Safe to repeat."""
    rows = Registration.objects.select_for_update(of=("self",)).filter(
        resident=resident, status=RegistrationStatus.ACTIVE
    )
    for row in rows.order_by("pk"):
        row.resident = resident
        end(row)
        ended.send(sender=Registration, registration=row)
    # Of what a restored copy brought back, also where no registration holds.
    for standing in standings_of(resident):
        end_row(standing, Move.LEAVE, By(resident.user_id), PremiumEnd.LEFT, silent=True)
