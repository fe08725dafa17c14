"""Two accounts of one person become one: what becomes of places taken."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts.models import Resident
from attendance.enums import SignUpStatus
from attendance.models import ParticipationRecord, SignUp


def take_over(kept: Resident, other: Resident) -> None:
    """Places of `other` become those of `kept`: two in one session become one.

    Where the other account has taken part already the place stays beside the record, which
    nobody rewrites: the list of who came is then of one piece.
    """
    came = ParticipationRecord.objects.filter(resident=other, session_uuid=OuterRef("session_uuid"))
    mine = {row.session_uuid: row for row in SignUp.objects.filter(resident=kept)}
    theirs = SignUp.objects.select_for_update(of=("self",)).filter(~Exists(came), resident=other)
    for row in theirs.order_by("pk"):
        own = mine.get(row.session_uuid)
        if own is None:
            row.resident = kept
            row.name, row.kana, row.phone = kept.name, kept.kana, kept.phone
            row.save()
        elif row.status == SignUpStatus.SIGNED_UP:
            row.status, own.status = SignUpStatus.WITHDRAWN, SignUpStatus.SIGNED_UP
            row.save(update_fields=["status", "updated_at"])
            own.save(update_fields=["status", "updated_at"])
