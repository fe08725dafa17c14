"""Nothing of a verification outlives its time."""

from __future__ import annotations

from common import clock
from identity.models import Attempt, WaitingProof
from identity.operations.counter import expire_checks


def tidy_up() -> None:
    """Safe to repeat; runs by the clock."""
    now = clock.now()
    Attempt.objects.filter(expires_at__lte=now).delete()
    WaitingProof.objects.filter(expires_at__lte=now).delete()
    expire_checks()
