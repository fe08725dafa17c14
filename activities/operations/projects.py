"""What an organisation does with its own activities in a municipality (R17).

1. It writes a draft (`save_project`), from nothing or from what it ran before.
2. It hands it in (`submit_project`). Pattern 2: the draft is published at once and counts in
   principle. Pattern 1: the workflow of its designation begins, or goes on where it was sent back
   (`activities.models.workflow`).
3. While it waits, the organisation can take it back (`take_back_project`).

Pages made here have no owner, and the workflow nobody who requested it: whoever acts for an
organisation has no account among the staff.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from accounts.models import User
from activities.models import ActivityPage, DesignationTaskState, Session
from activities.models.workflow import waits_for_designation
from activities.operations.defaults import make_designation_workflow
from activities.operations.letters import tell_coordinators
from activities.queries import activity_index
from common import clock
from common.refusal import Refused
from organisations.enums import Pattern
from organisations.models import Organisation
from organisations.queries import standing_on
from tenants.actors import by_standing
from tenants.context import current_municipality

PAGE_FIELDS = (
    "title", "summary", "category", "belongings", "minimum_age", "contact_name", "contact_phone",
    "contact_email",
)  # fmt: skip
SESSION_FIELDS = ("starts_at", "ends_at", "place", "meeting_point", "capacity")


@transaction.atomic
def save_project(
    organisation: Organisation, values: dict[str, Any], page: ActivityPage | None = None
) -> ActivityPage:
    """Write a draft of `organisation`, a new one or the one that stands in `page`.

    `values` are fields of the page (`PAGE_FIELDS`) and of its one session (`SESSION_FIELDS`); of a
    draft with more sessions the first is changed. Raises `Refused`: `not_a_draft` where it is
    public or waits for the municipality, `no_list` where there is no list of activities.
    """
    about = {name: values[name] for name in PAGE_FIELDS if name in values}
    session = {name: values[name] for name in SESSION_FIELDS if name in values}
    if page is None:
        index = activity_index()
        if index is None:
            raise Refused("no_list")
        page = ActivityPage(organisation=organisation, locale=index.locale, live=False, **about)
        page.sessions = [Session(**session)]
        index.add_child(instance=page)
    else:
        _lock(page)
        if page.live or waits_for_designation(page):
            raise Refused("not_a_draft")
        page = page.get_latest_revision_as_object()
        for name, value in about.items():
            setattr(page, name, value)
        sessions = list(page.sessions.all()) or [Session()]
        for name, value in session.items():
            setattr(sessions[0], name, value)
        sessions[0].hours = None
        page.sessions = sessions
    page.save_revision()
    return page


@transaction.atomic
def submit_project(page: ActivityPage, organisation: Organisation, by: User) -> bool:
    """Hand the draft in; whether it is public now. Repeatable: what waits goes on waiting.

    Raises `Refused("no_standing")` where the organisation has lost its standing meanwhile.
    """
    _lock(page)
    standing = standing_on(organisation, current_municipality(), clock.today())
    if standing is None:
        raise Refused("no_standing")
    if page.live or waits_for_designation(page):
        return page.live
    if standing.pattern == Pattern.TRUSTED:
        with by_standing(current_municipality().code):
            page.get_latest_revision().publish()
        return True
    if (sent_back := page.current_workflow_state) is not None:
        sent_back.resume()
    else:
        make_designation_workflow().start(page, None)
    DesignationTaskState.objects.filter(pk=page.current_workflow_task_state.pk).update(
        submitted_by=by
    )
    tell_coordinators(page, "submitted")
    return False


@transaction.atomic
def take_back_project(page: ActivityPage) -> None:
    """The organisation wants to change what it handed in; nothing happens where none waits."""
    _lock(page)
    if waits_for_designation(page):
        page.current_workflow_state.cancel()


def copy_of(page: ActivityPage) -> dict[str, Any]:
    """What an activity run before says of the next one: the page's words and the place, no day."""
    last = page.sessions.order_by("-starts_at").first()
    values = {name: getattr(page, name) for name in PAGE_FIELDS}
    if last is not None:
        values |= {name: getattr(last, name) for name in ("place", "meeting_point", "capacity")}
    return values


def _lock(page: ActivityPage) -> None:
    ActivityPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    page.refresh_from_db(fields=["live"])
