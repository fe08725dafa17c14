"""Telling a need, and what a coordinator makes of it (A10.1, A16.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import Resident, User
from activities.enums import Category, NeedOrigin, NeedState
from activities.models import ActivityPage, Need
from activities.operations.need_mails import tell, tell_office_later
from activities.operations.templates import proposed_session
from activities.queries import activity_index
from activities.rules.needs import (
    MOST_WAITING,
    WITHDRAWN_COUNTS_FOR_HOURS,
    fault_of_move,
    may_withdraw,
)
from common import clock
from common.refusal import Refused
from identity.queries import may_disclose
from organisations.models import Organisation
from privacy.operations.known import remember
from tenants.context import current_municipality

NEED_ACTION = "activities.move_need"
_SUMMARY = ActivityPage._meta.get_field("summary").max_length


@transaction.atomic
def tell_need(
    values: dict[str, Any],
    client_key: UUID,
    *,
    resident: Resident | None = None,
    entered_by: User | None = None,
    organisation: Organisation | None = None,
) -> Need:
    """Keep a need told by `resident`, or by staff (`entered_by`) for somebody without an account.

    With `organisation`, which `resident` acts for, it is the organisation's and bears its name.
    `values` are the fields a form fills. The same `client_key` again is the same need. Raises
    `Refused("guardian_consent")` (a name and a telephone number go to the municipality),
    `Refused("too_many_waiting", most=…)` (a resident's own, or an organisation's),
    `Refused("too_many_withdrawn")` (as many with those withdrawn within a day),
    `Refused("already_sent")` for another's key.
    """
    if organisation is not None:
        values = values | {"organisation": organisation, "organisation_name": organisation.name}
    told_by = (
        organisation.pk if organisation else None,
        resident.pk if resident else None,
        entered_by.pk if entered_by else None,
    )
    if (there := Need.objects.filter(client_key=client_key).first()) is not None:
        return _own(there, told_by)
    origin = NeedOrigin.STAFF
    if resident is not None:
        if not may_disclose(resident):
            raise Refused("guardian_consent")
        _require_room(resident, organisation)
        named = values.get("organisation_name")
        origin = NeedOrigin.ORGANISATION if named else NeedOrigin.RESIDENT
        # The schema says to nobody outside that something of the resident's is in it.
        remember(resident, current_municipality())
    need = Need(
        **values,
        client_key=client_key,
        origin=origin,
        resident_id=resident.pk if resident else None,
        entered_by=entered_by,
        language=resident.language if resident else "ja",
        created_at=clock.now(),
    )
    Need.objects.bulk_create([need], ignore_conflicts=True)  # sent twice at the same moment
    kept = Need.objects.get(client_key=client_key)
    if kept.created_at == need.created_at:
        tell(kept)
    return _own(kept, told_by)


def _require_room(resident: Resident, organisation: Organisation | None) -> None:
    rows = Need.objects.all()
    own = rows.of_organisation(organisation.pk) if organisation else rows.told_by(resident.pk)
    waiting = own.waiting().count()
    if waiting >= MOST_WAITING:
        raise Refused("too_many_waiting", most=MOST_WAITING)
    lately = clock.now() - timedelta(hours=WITHDRAWN_COUNTS_FOR_HOURS)
    if waiting + own.withdrawn_since(lately).count() >= MOST_WAITING:
        raise Refused("too_many_withdrawn")


def _own(need: Need, told_by: tuple[int | None, UUID | None, int | None]) -> Need:
    if (need.organisation_id, need.resident_id, need.entered_by_id) != told_by:
        raise Refused("already_sent")
    return need


@transaction.atomic
def move_need(need: Need, wanted: NeedState, answer: str, by: User | None) -> Need:
    """Bring a need to the state `wanted`; whoever told it reads `answer` and gets a mail.

    Safe to repeat: moved there with the same words already, nothing happens. For an activity
    see `activity_from_need`. Raises `Refused` with a code of `rules.needs.fault_of_move`.
    """
    row = _lock(need)
    answer = answer.strip()
    if (row.state, row.answer) == (wanted, answer):
        return row
    if code := fault_of_move(row.state, wanted, answer):
        raise Refused(code)
    _settle(row, wanted, answer, by)
    return row


@transaction.atomic
def withdraw_need(need: Need) -> Need:
    """Whoever told it no longer needs it; the coordinators get a mail. Safe to repeat.

    Raises `Refused("need_is_activity")`, and `Refused("need_is_closed")` where it was closed.
    """
    row = _lock(need)
    if row.state == NeedState.WITHDRAWN:
        return row
    if not may_withdraw(row.state):
        is_activity = row.state == NeedState.ACTIVITY
        raise Refused("need_is_activity" if is_activity else "need_is_closed")
    _settle(row, NeedState.WITHDRAWN, row.answer, None)
    tell_office_later(row)
    return row


@transaction.atomic
def activity_from_need(need: Need, by: User | None) -> ActivityPage:
    """A draft made of what the need says; need and activity know of each other from then on.

    Nothing is public, and nothing designated (R17). No word of the contact goes into the draft:
    whom the page names, it asks the need for (`Need.credit`). Safe to repeat: the second time
    it is the same page; if that was deleted, a new one. Raises `Refused("no_such_move")`, and
    `Refused("no_list")` where the municipality has no list of activities.
    """
    row = _lock(need)
    if row.activity is not None:
        return row.activity
    again = row.state == NeedState.ACTIVITY
    if not again and (code := fault_of_move(row.state, NeedState.ACTIVITY, "")):
        raise Refused(code)
    index = activity_index()
    if index is None:
        raise Refused("no_list")
    page = ActivityPage(
        title=row.title,
        summary=row.wanted[:_SUMMARY],
        category=Category.OTHER,
        from_need=True,
        locale=index.locale,
        owner=by,
        live=False,
    )
    page.sessions = [proposed_session(place=row.place, capacity=row.people, note=row.when_about)]
    index.add_child(instance=page)
    page.save_revision(user=by)
    row.activity, row.published_told_at = page, None
    _settle(row, NeedState.ACTIVITY, "", by)
    return page


@transaction.atomic
def tell_of_publication(page: ActivityPage) -> None:
    """The activity that came of a need is public: whoever told it gets a mail, once."""
    rows = Need.objects.select_for_update(of=("self",)).filter(
        activity=page, published_told_at=None
    )
    for row in rows:
        row.published_told_at = clock.now()
        row.save(update_fields=["published_told_at"])
        tell(row)


@transaction.atomic
def delete_need(need: Need, by: User | None) -> None:
    """Delete what somebody without an account had told, or an organisation, at their wish; gone
    already: nothing.

    An activity that came of it stays and names nobody. Raises `Refused("told_with_account")`:
    what a resident told goes with the account.
    """
    row = Need.objects.select_for_update(of=("self",)).filter(pk=need.pk).first()
    if row is None:
        return
    if row.resident_id is not None and row.organisation_id is None:
        raise Refused("told_with_account")
    log(row, "wagtail.delete", user=by)
    row.delete()


def _lock(need: Need) -> Need:
    rows = Need.objects.select_for_update(of=("self",)).select_related("activity")
    return rows.get(pk=need.pk)


def _settle(row: Need, state: NeedState, answer: str, by: User | None) -> None:
    row.state, row.answer, row.decided_by, row.decided_at = state, answer, by, clock.now()
    row.save(
        update_fields=[
            "state", "answer", "decided_by", "decided_at", "activity", "published_told_at",
        ]
    )  # fmt: skip
    log(row, NEED_ACTION, user=by, data={"state": str(state)})
    tell(row)


def take_over(kept: Resident, other: Resident) -> None:
    """In the active municipality: what another account of the same person had told is theirs."""
    Need.objects.filter(resident_id=other.pk).update(resident_id=kept.pk)
