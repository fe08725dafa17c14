"""That somebody was here: any visit while signed in, kept once a day (R15)."""

from __future__ import annotations

from typing import Any

from accounts.models import Resident
from common import clock
from tenants.actors import standing_in


def keep_seen(user_id: Any) -> None:
    """Whoever has this account was here today; nothing is written where that is known."""
    today = clock.today()
    with standing_in(int(user_id)):
        Resident.objects.filter(user_id=user_id, seen_on__lt=today).update(seen_on=today)
