"""Cancelling and moving a session people may have signed up for."""

from __future__ import annotations

import copy
import json
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from modelcluster.models import get_serializable_data_for_fields
from wagtail.log_actions import log
from wagtail.models import Revision

from accounts.models import User
from activities.enums import SessionState
from activities.models import ActivityPage, Session
from activities.models.sessions import ROWS_OWN, WHEN_AND_WHERE
from activities.rules.sessions import faults_of_sign_up, faults_of_times, moved_hours
from activities.signals import activity_published, session_cancelled, session_moved
from common import clock
from common.refusal import Refused

CANCEL_ACTION, MOVE_ACTION = "activities.cancel_session", "activities.move_session"


@transaction.atomic
def cancel_session(
    session: Session, reason: str, by: User | None, *, on_behalf: str = ""
) -> Session:
    """The session does not take place; `reason` is shown to visitors. The row stays. `on_behalf`
    names the organisation that did it; nobody of the staff, then.

    Safe to repeat: what is cancelled stays as it was cancelled. Raises
    `Refused("reason_missing")`, and `Refused("session_is_over")` after its end.
    """
    row = _lock(session)
    if row.is_cancelled:
        return row
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing")
    if row.is_over:
        raise Refused("session_is_over")
    row.state = SessionState.CANCELLED
    row.cancelled_reason, row.cancelled_at = reason, clock.now()
    _save(row, ROWS_OWN)
    about = {"session": str(row.uuid), "reason": reason, "organisation": on_behalf}
    log(row.page, CANCEL_ACTION, user=by, data=about)
    if row.page.live:
        session_cancelled.send(sender=Session, session=row, reason=reason, page=row.page)
        activity_published.send(sender=ActivityPage, page=row.page)
    return row


@transaction.atomic
def move_session(
    session: Session,
    *,
    starts_at: datetime,
    ends_at: datetime,
    place: str,
    meeting_point: str,
    by: User | None,
    on_behalf: str = "",
) -> Session:
    """Give a session other times or another place; the earlier ones are kept and shown.
    `on_behalf` as `cancel_session`.

    Safe to repeat: the same times and place again change nothing. Hours that were those from
    start to end are so afterwards too; others stay. Raises `Refused("session_is_cancelled")`,
    `Refused("session_is_over")`, or a refusal with a code of `faults_of_times` or
    `faults_of_sign_up`.
    """
    row = _lock(session)
    before = copy.copy(row)
    row.starts_at, row.ends_at = starts_at, ends_at
    row.place, row.meeting_point = place, meeting_point
    if not row.is_elsewhere(before):
        return before
    if before.is_cancelled:
        raise Refused("session_is_cancelled")
    if before.is_over:
        raise Refused("session_is_over")
    row.hours = moved_hours(before.hours, (before.starts_at, before.ends_at), (starts_at, ends_at))
    faults = faults_of_times(starts_at, ends_at, row.hours)
    for code in (faults or faults_of_sign_up(row.mode, row.apply_until, starts_at)).values():
        raise Refused(code)
    if row.page.live:
        row.remember_times(before)
    _save(row, (*WHEN_AND_WHERE, "hours", *ROWS_OWN))
    about = {"session": str(row.uuid), "organisation": on_behalf}
    log(row.page, MOVE_ACTION, user=by, data=about)
    if row.page.live:
        session_moved.send(sender=Session, session=row, before=before.snapshot(), page=row.page)
        activity_published.send(sender=ActivityPage, page=row.page)
    return row


def _lock(session: Session) -> Session:
    rows = Session.objects.select_related("page").select_for_update(of=("self",))
    return rows.get(pk=session.pk)


def _save(row: Session, fields: tuple[str, ...]) -> None:
    """The row, and every draft of its page that can still be published."""
    row.save(update_fields=fields)
    stored = json.loads(json.dumps(get_serializable_data_for_fields(row), cls=DjangoJSONEncoder))
    drafts = Revision.page_revisions.filter(
        Q(pk=row.page.latest_revision_id) | Q(approved_go_live_at__isnull=False),
        object_id=str(row.page_id),
    )
    for draft in drafts.select_for_update():
        for one in draft.content.get("sessions", []):
            if one["uuid"] == stored["uuid"]:
                one.update({name: stored[name] for name in fields})
        draft.save(update_fields=["content"])
