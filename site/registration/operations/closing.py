"""Somebody closes their account: no registration goes on."""

from __future__ import annotations

from accounts.models import Resident
from registration.enums import RegistrationStatus
from registration.models import Registration
from registration.operations.leave import end
from registration.signals import ended


def end_registrations(resident: Resident) -> None:
    """End all that hold, the prefectures' too; no mail for each. Safe to repeat."""
    rows = Registration.objects.select_for_update(of=("self",)).filter(
        resident=resident, status=RegistrationStatus.ACTIVE
    )
    for row in rows.order_by("pk"):
        row.resident = resident
        end(row)
        ended.send(sender=Registration, registration=row)
