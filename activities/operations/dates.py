"""Adding the dates of a rule to an activity's draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from activities.models import ActivityPage, Session
from activities.queries import draft_of


def taken_starts(page: ActivityPage) -> set[datetime]:
    """The moments at which a session of the draft begins already."""
    return {one.starts_at for one in page.sessions.all() if one.starts_at}


@transaction.atomic
def add_dates(
    page: ActivityPage,
    times: Sequence[tuple[datetime, datetime]],
    by: User | None,
    **fields: Any,
) -> int:
    """Add a session for each start and end to the draft of `page`; the number that were new.

    Where a session begins at that moment none is added, so that it is safe to repeat. `fields`
    are the other fields of `Session`. They are rows of the draft as any other: edited one by
    one, and public when the page is published.
    """
    ActivityPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    draft = draft_of(page)
    taken = taken_starts(draft)
    new = [
        Session(starts_at=starts_at, ends_at=ends_at, **fields)
        for starts_at, ends_at in times
        if starts_at not in taken
    ]
    if new:
        draft.sessions.add(*new)
        draft.save_revision(user=by)
    return len(new)
