"""Somebody closes their account: consents and the proof of identity end."""

from __future__ import annotations

from accounts.models import Resident
from common import clock
from identity.models import Verification
from identity.operations.guardians import end_of_account

CLOSED = "closed"


def end_identity(resident: Resident) -> None:
    """Children are told that the consent they had has ended. The card is free: whoever comes back
    proves with it anew. Safe to repeat."""
    end_of_account(resident)
    Verification.objects.filter(resident=resident, ended_at=None).update(
        ended_at=clock.now(), end_reason=CLOSED
    )
