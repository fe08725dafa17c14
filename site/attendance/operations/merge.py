"""Two accounts of one person become one: what becomes of places taken."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from accounts.models import Resident
from attendance.models import CalendarFeed, ParticipationRecord, SignUp, Voice
from attendance.operations.signing_up.moving import promote_later
from attendance.rules.moves import HOLDING, OPEN, better
from common import clock

# What a place is of; ticket, moves and dates stay with their own row.
_TAKEN_OVER = (
    "status", "party", "components", "companions", "age_group", "guardian_name", "guardian_phone",
    "line", "answer_by", "reason",
)  # fmt: skip


def take_over(kept: Resident, other: Resident) -> None:
    """Sign-ups of `other` become those of `kept`: of two for one session the one that is further
    stays, with its companions, and places of the other become free.

    Where the other account has taken part already the place stays beside the record, which
    nobody rewrites: the list of who came is then of one piece. The other's address for calendars
    ends.
    """
    CalendarFeed.objects.filter(resident=other).delete()
    # Of two words about one session those of the account that stays.
    Voice.objects.filter(
        resident=other,
        session_uuid__in=Voice.objects.filter(resident=kept).values("session_uuid"),
    ).delete()
    came = ParticipationRecord.objects.filter(resident=other, session_uuid=OuterRef("session_uuid"))
    mine = {row.session_uuid: row for row in SignUp.objects.filter(resident=kept)}
    theirs = (
        SignUp.objects.select_for_update(of=("self",))
        .filter(~Exists(came), resident=other)
        .select_related("municipality")
    )
    for row in theirs.order_by("pk"):
        own = mine.get(row.session_uuid)
        if own is None:
            row.resident = kept
            row.name, row.kana, row.phone = kept.name, kept.kana, kept.phone
            row.save()
        elif row.status in OPEN:
            _become_one(own, row)


def _become_one(own: SignUp, row: SignUp) -> None:
    both_hold = own.status in HOLDING and row.status in HOLDING
    if better(row.status, own.status):
        for field in _TAKEN_OVER:
            setattr(own, field, getattr(row, field))
        own.sequence += 1
        own.move, own.moved_at, own.moved_by = "merge", clock.now(), None
        own.save()
    row.status, row.line, row.answer_by = "withdrawn", None, None
    row.move, row.moved_at, row.moved_by = "merge", clock.now(), None
    row.save()
    if both_hold:
        promote_later(row.municipality, row.session_uuid)
