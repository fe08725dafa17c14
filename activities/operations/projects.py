"""What an organisation does with its own activities in a municipality (R17).

1. It writes a draft (`save_project`), from nothing, a template or what it ran before; of an
   activity that is public already the draft is a change.
2. It hands it in (`submit_project`). Pattern 2: the draft is published at once and counts in
   principle. Pattern 1: the workflow of its designation begins, or goes on where it was sent back
   (`activities.models.workflow`), and a public activity stays as it is meanwhile.
3. While it waits, the organisation can take it back (`take_back_project`); a change it can drop
   (`drop_change`).

Pages made here have no owner, and the workflow nobody who requested it: whoever acts for an
organisation has no account among the staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from activities.models import ActivityIndexPage, ActivityPage, DesignationTaskState, Session
from activities.models.activities import DESIGNATION_FIELDS
from activities.models.workflow import waits_for_designation
from activities.operations.defaults import make_designation_workflow
from activities.operations.letters import tell_coordinators
from activities.operations.templates import filled
from activities.queries import activity_index, staff_is_changing
from activities.rules.examples import ActivityTemplate
from activities.rules.sessions import duration_hours, moved_hours
from common import clock
from common.refusal import Refused
from organisations.enums import Pattern
from organisations.models import Organisation
from organisations.queries import standing_on
from privacy.operations.known import remember
from tenants.actors import by_standing
from tenants.context import current_municipality

PAGE_FIELDS = (
    "title", "summary", "category", "belongings", "minimum_age", "contact_name", "contact_phone",
    "contact_email",
)  # fmt: skip
SESSION_FIELDS = ("starts_at", "ends_at", "place", "meeting_point", "capacity")
_TIMES = {"starts_at", "ends_at"}


@dataclass(frozen=True)
class FurtherDate:
    """One more date of an activity: `uuid` of a session that is there, None for a new one."""

    uuid: UUID | None
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def save_project(
    organisation: Organisation,
    values: dict[str, Any],
    page: ActivityPage | None = None,
    *,
    template: ActivityTemplate | ActivityPage | None = None,
) -> ActivityPage:
    """Write a draft of `organisation`: a new one, from a `template` where one is given, or the one
    that stands in `page`. Of a public activity the draft is a change; visitors see none of it.

    `values` are fields of the page (`PAGE_FIELDS`) and of its first date (`SESSION_FIELDS`). With
    `further` (`FurtherDate`s) the other dates are those, but public ones stay. A place or a
    number of people that is changed is so for all dates. Raises `Refused`: `not_a_draft` where it
    waits for the municipality, `staff_at_work` where staff have begun to change it or locked it,
    `no_date_left` where none of its dates can be changed any more, `no_list` where there is no list
    of activities.
    """
    if page is None:
        draft = _new(organisation, template)
    else:
        stored = _lock(page)
        require_changeable(stored)
        draft = stored.get_latest_revision_as_object()
        _keep_designation(draft, stored)
    for name in PAGE_FIELDS:
        if name in values:
            setattr(draft, name, values[name])
    _set_dates(draft, {name: values[name] for name in SESSION_FIELDS if name in values},
               values.get("further"))  # fmt: skip
    if page is None:
        _index().add_child(instance=draft)
    draft.save_revision()
    return draft


def _keep_designation(draft: ActivityPage, stored: ActivityPage) -> bool:
    """Whether a public activity counts is the municipality's word, also where it refused a change:
    what it said to that stands in the draft. Returns whether it had to be put right."""
    said = {name: getattr(stored, name) for name in DESIGNATION_FIELDS}
    if not stored.live or all(getattr(draft, name) == value for name, value in said.items()):
        return False
    for name, value in said.items():
        setattr(draft, name, value)
    return True


def require_changeable(page: ActivityPage) -> None:
    """Raises `Refused`: `not_a_draft` or `staff_at_work`, as `save_project`."""
    if waits_for_designation(page):
        raise Refused("not_a_draft")
    if staff_is_changing(page):
        raise Refused("staff_at_work")


def _index() -> ActivityIndexPage:
    index = activity_index()
    if index is None:
        raise Refused("no_list")
    return index


def _new(
    organisation: Organisation, template: ActivityTemplate | ActivityPage | None
) -> ActivityPage:
    """Not saved yet."""
    draft = filled(template, organisation) if template is not None else ActivityPage()
    draft.organisation, draft.locale, draft.live = organisation, _index().locale, False
    if isinstance(template, ActivityPage) and template.organisation_id != organisation.pk:
        # Whoever ran the template's activity is not asked about this one.
        draft.host = draft.joint_programme = None
        draft.contact_email = ""
    return draft


def changeable_dates(page: ActivityPage) -> list[Session]:
    """The dates its organisation can change, soonest first: of a public activity those that are
    neither begun nor cancelled, of a draft all."""
    return _changeable(page, page.sessions.all())


def _changeable(page: ActivityPage, sessions: Iterable[Session]) -> list[Session]:
    return sorted(
        (one for one in sessions if not page.live or not (one.has_begun or one.is_cancelled)),
        key=lambda one: one.starts_at,
    )


def _set_dates(
    draft: ActivityPage, first: dict[str, Any], further: Sequence[FurtherDate] | None
) -> None:
    every = list(draft.sessions.all())
    dates = _changeable(draft, every)
    if not dates:
        if draft.live:
            raise Refused("no_date_left")
        dates = [Session()]
        every += dates
    about = {name: value for name, value in first.items() if name not in _TIMES}
    changed = {name: value for name, value in about.items() if getattr(dates[0], name) != value}
    for date in dates:
        for name, value in changed.items():
            setattr(date, name, value)
    if _TIMES <= first.keys():
        _move(dates[0], first["starts_at"], first["ends_at"])
    if further is not None:
        others = {date.uuid: date for date in dates[1:]}
        for one in further:
            known = others.pop(one.uuid, None) if one.uuid else None
            if known is None:
                like_the_first = {*about, *_TIMES, "hours"}
                known = Session(**{name: getattr(dates[0], name) for name in like_the_first})
                every.append(known)
            _move(known, one.starts_at, one.ends_at)
        if not draft.live:
            every = [date for date in every if date.uuid not in others]
    draft.sessions = every


def _move(date: Any, starts_at: datetime, ends_at: datetime) -> None:
    """Hours as `moved_hours`, and no more than it takes."""
    if date.hours is not None and date.starts_at is not None:
        hours = moved_hours(date.hours, (date.starts_at, date.ends_at), (starts_at, ends_at))
        date.hours = min(hours, duration_hours(starts_at, ends_at))
    date.starts_at, date.ends_at = starts_at, ends_at


@transaction.atomic
def submit_project(page: ActivityPage, organisation: Organisation, by: User) -> bool:
    """Hand the draft in, a new activity or a change of a public one; whether all of it is public
    now. Repeatable: what waits goes on waiting.

    Until the municipality has said yes, a public activity stays as it is (R17). Raises `Refused`:
    `no_standing` where the organisation has lost its standing meanwhile, `staff_at_work` as
    `save_project`.
    """
    page = _lock(page)
    standing = standing_on(organisation, current_municipality(), clock.today())
    if standing is None:
        raise Refused("no_standing")
    if waits_for_designation(page):
        return False
    if page.live and not page.has_unpublished_changes:
        return True
    if staff_is_changing(page):
        raise Refused("staff_at_work")
    draft = page.get_latest_revision_as_object()
    if _keep_designation(draft, page):
        draft.save_revision()
        page = _lock(page)
    if standing.pattern == Pattern.TRUSTED:
        with by_standing(current_municipality().code):
            page.get_latest_revision().publish()
        return True
    if (sent_back := page.current_workflow_state) is not None:
        sent_back.resume()
    else:
        make_designation_workflow().start(page, None)
    # Who handed it in stands in the schema, which says so to nobody outside.
    remember(by.resident, current_municipality())
    DesignationTaskState.objects.filter(pk=page.current_workflow_task_state.pk).update(
        submitted_by=by
    )
    tell_coordinators(page, "submitted")
    return False


@transaction.atomic
def take_back_project(page: ActivityPage) -> None:
    """The organisation wants to change what it handed in; nothing happens where none waits."""
    page = _lock(page)
    if waits_for_designation(page):
        page.current_workflow_state.cancel()


@transaction.atomic
def drop_change(page: ActivityPage) -> None:
    """The draft of a public activity says again what is public. Safe to repeat. Raises `Refused`:
    `not_a_draft` or `staff_at_work`, as `save_project`."""
    stored = _lock(page)
    require_changeable(stored)
    if stored.live and stored.has_unpublished_changes:
        if (sent_back := stored.current_workflow_state) is not None:
            sent_back.cancel()
        stored.save_revision(changed=False)
        stored.has_unpublished_changes = False
        stored.save(update_fields=["has_unpublished_changes"])


def words_of(page: ActivityPage, date: Session | None) -> dict[str, Any]:
    """What a page and one of its dates say, as the form asks for it; no day."""
    values = {name: getattr(page, name) for name in PAGE_FIELDS}
    if date is not None:
        begins, ends = (at.astimezone(clock.TOKYO) for at in (date.starts_at, date.ends_at))
        values |= {"begins": f"{begins:%H:%M}", "ends": f"{ends:%H:%M}"}
        values |= {name: getattr(date, name) for name in SESSION_FIELDS if name not in _TIMES}
    return values


def _lock(page: ActivityPage) -> ActivityPage:
    """As it stands in the database, locked."""
    return ActivityPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
