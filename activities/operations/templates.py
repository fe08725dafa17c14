"""A new activity that is filled in already."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from activities.models import ActivityIndexPage, ActivityPage, Session
from activities.models.activities import DESIGNATION_FIELDS
from activities.queries import draft_of
from activities.rules.examples import ActivityTemplate
from common import clock
from organisations.models import Organisation

_WEEKS_AHEAD = 4
_SATURDAY = 5
_MORNING, _THREE_HOURS = time(9), timedelta(hours=3)
# Of an own activity everything is taken over but whether it counts, what is of that time alone,
# and its dates.
_NOT_TAKEN = {
    *DESIGNATION_FIELDS, "is_urgent", "is_template", "slug", "online_url", "from_need",
}  # fmt: skip


@transaction.atomic
def activity_from_template(
    template: ActivityTemplate | ActivityPage,
    index: ActivityIndexPage,
    organisation: Organisation | None,
    by: User | None,
) -> ActivityPage:
    """A draft below `index`, filled from an example or an own activity.

    Nothing of it is public, and nothing designated: that is decided anew (R17). Its first date
    is proposed for the Saturday four weeks from now, at the template's hours.
    """
    page = filled(template, organisation)
    page.organisation, page.locale, page.owner, page.live = organisation, index.locale, by, False
    if page.joint_programme and page.joint_programme.organisation_id != page.organisation_id:
        page.joint_programme = None
    index.add_child(instance=page)
    page.save_revision(user=by)
    return page


def filled(
    template: ActivityTemplate | ActivityPage, organisation: Organisation | None
) -> ActivityPage:
    """The page that a template makes for `organisation`, with its proposed date; not saved.

    Of an own activity it takes the newest draft. Of another's, and of one of the municipality's
    that is public, it takes what is public: a draft is nobody else's business.
    """
    if not isinstance(template, ActivityPage):
        return _of_example(template)
    asks = organisation.pk if organisation else None
    is_open = template.organisation_id is None and not template.live
    is_own = template.organisation_id == asks
    return _copied(draft_of(template) if is_own or is_open else template)


def _of_example(template: ActivityTemplate) -> ActivityPage:
    page = ActivityPage(
        title=template.title,
        summary=template.summary,
        category=template.category,
        belongings=template.belongings,
        safety_notes=template.safety,
        minimum_age=template.minimum_age,
        insurance=template.insurance,
        is_paid=template.is_paid,
        is_remote=template.is_remote,
        stay=template.stay,
    )
    page.sessions = [
        proposed_session(
            template.start, template.length, capacity=template.capacity, hours=template.hours
        )
    ]
    return page


def _copied(source: ActivityPage) -> ActivityPage:
    values = {
        field.name: getattr(source, field.name)
        for field in ActivityPage._meta.local_fields
        if not field.primary_key and field.name not in _NOT_TAKEN
    }
    page = ActivityPage(title=source.title, **values)
    last = max(source.sessions.all(), key=lambda one: one.starts_at, default=None)
    if last is not None:
        page.sessions = [
            proposed_session(
                last.starts_at.astimezone(clock.TOKYO).time(),
                last.ends_at - last.starts_at,
                hours=last.hours,
                capacity=last.capacity,
                place=last.place,
                meeting_point=last.meeting_point,
            )
        ]
    return page


def proposed_session(
    start: time = _MORNING,
    length: timedelta = _THREE_HOURS,
    *,
    hours: Decimal | None = None,
    **fields: Any,
) -> Session:
    """A session on the Saturday four weeks from now, to be changed; not saved."""
    today = clock.today()
    day = today + timedelta(days=(_SATURDAY - today.weekday()) % 7, weeks=_WEEKS_AHEAD)
    starts_at = datetime.combine(day, start, clock.TOKYO)
    session = Session(starts_at=starts_at, ends_at=starts_at + length, **fields)
    if hours is not None:
        session.hours = hours
    return session
