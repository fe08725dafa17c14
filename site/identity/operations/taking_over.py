"""Two accounts of one person become one: the proof of identity stays with the person."""

from __future__ import annotations

from accounts.models import Resident
from common import clock
from identity.models import Verification

MERGED = "merged"


def take_over(kept: Resident, other: Resident) -> None:
    """The newer of two proofs that hold stays, the older ends; all are `kept`'s from now on."""
    open_ones = list(
        Verification.objects.select_for_update(of=("self",))
        .filter(resident__in=[kept, other], ended_at=None)
        .order_by("-verified_at", "-pk")
    )
    for older in open_ones[1:]:
        older.ended_at, older.end_reason = clock.now(), MERGED
        older.save(update_fields=["ended_at", "end_reason"])
    Verification.objects.filter(resident=other).update(resident=kept)
