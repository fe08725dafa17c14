"""What the resident says to an offered place."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident
from attendance.models import SignUp
from attendance.operations.signing_up.letters import tell
from attendance.operations.signing_up.moving import locked, move
from attendance.rules.moves import require_in_time, require_not_begun
from common import clock


@transaction.atomic
def accept_offer(resident: Resident, pk: int) -> SignUp:
    """Take the place that was offered; who has taken it already has it.

    The place was kept, so nothing is counted. Raises `Refused` with `sign_up_gone`,
    `session_begun`, `answer_late` or `move_not_possible`.
    """
    row = locked(SignUp.objects.filter(resident=resident, pk=pk).select_related("municipality"))
    if row.status == "signed_up":
        return row
    require_not_begun(clock.now(), row.starts_at)
    require_in_time(clock.now(), row.answer_by)
    move(row, "answer", by=resident.user_id)
    tell(row, "signed_up", resident)
    return row
