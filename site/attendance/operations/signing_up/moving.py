"""One move of one sign-up, as `rules.moves` allows it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from attendance.models import SignUp
from attendance.rules.moves import after
from common import clock
from common.refusal import Refused
from notifications.operations import enqueue
from tenants.models import Municipality

PROMOTE = "attendance.promote"
_FIELDS = (
    "status", "move", "moved_at", "moved_by", "sequence", "line", "answer_by", "components",
    "updated_at",
)  # fmt: skip


def move(sign_up: SignUp, name: str, by: int | None = None, **changes: Any) -> None:
    """Make the move `name` on a row that the caller has locked, and save it with `changes`.

    `by` is the account that made it; None: the clock. Raises what `rules.moves.after` raises.
    The database keeps the move.
    """
    sign_up.status = after(name, sign_up.status)
    sign_up.move, sign_up.moved_at, sign_up.moved_by_id = name, clock.now(), by
    sign_up.sequence += 1
    sign_up.answer_by = None
    for field, value in changes.items():
        setattr(sign_up, field, value)
    sign_up.save(update_fields=[*_FIELDS, *changes])


def locked(sign_ups: QuerySet[SignUp]) -> SignUp:
    """The one row, locked. Raises `Refused("sign_up_gone")`."""
    found = sign_ups.select_for_update(of=("self",)).first()
    if found is None:
        raise Refused("sign_up_gone")
    return found


def promote_later(municipality: Municipality, session_uuid: object) -> None:
    """Places may have become free: have the worker ask whoever waits. Whoever gives a place back
    may not touch the rows of those who wait."""
    enqueue(PROMOTE, {"session": str(session_uuid)}, municipality.code, str(session_uuid))
