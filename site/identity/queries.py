"""What can be asked about proofs of identity."""

from __future__ import annotations

from uuid import UUID

from common import clock
from identity.models import Verification


def verification_of(resident_id: UUID | str) -> Verification | None:
    """The proof that holds now, if there is one (R10)."""
    return Verification.objects.filter(
        resident_id=resident_id, ended_at=None, valid_until__gt=clock.now()
    ).first()
