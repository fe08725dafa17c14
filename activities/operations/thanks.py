"""A word of thanks after an event (A16.6). Words only: return gifts are forbidden (R22)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from activities.models import Session, ThanksNote
from activities.signals import thanks_written
from common import clock
from common.refusal import Refused
from organisations.models import Organisation
from privacy.operations.known import remember
from tenants.context import current_municipality


@transaction.atomic
def write_thanks(
    session: Session, text: str, by: User | None, *, organisation: Organisation | None = None
) -> ThanksNote:
    """Thank those who took part in a session that is over; the mail goes out once.

    With `organisation`, which ran the session and which the resident `by` acts for, the mail is
    its; otherwise the municipality's. Safe to repeat. Other words later replace what is shown, and
    send no second mail. Raises `Refused("text_missing")`, `Refused("session_is_cancelled")`,
    `Refused("session_not_over")`.
    """
    row = Session.objects.select_related("page").select_for_update(of=("self",)).get(pk=session.pk)
    text = text.strip()
    if not text:
        raise Refused("text_missing")
    if row.is_cancelled:
        raise Refused("session_is_cancelled")
    if not row.is_over:
        raise Refused("session_not_over")
    if organisation is not None and by is not None:
        # Who wrote it stands in the schema, which says so to nobody outside.
        remember(by.resident, current_municipality())
    note, is_new = ThanksNote.objects.get_or_create(
        session=row, defaults={"text": text, "written_by": by, "written_at": clock.now()}
    )
    if is_new:
        thanks_written.send(
            sender=Session, session=row, text=text, page=row.page, organisation=organisation
        )
    elif note.text != text:
        note.text, note.written_by, note.written_at = text, by, clock.now()
        note.save(update_fields=["text", "written_by", "written_at"])
    return note
