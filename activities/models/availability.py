"""A month of activities with the places that are free: a fixed number of queries, however many."""

from __future__ import annotations

import calendar
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from activities.enums import Availability
from activities.models.activities import ActivityPage
from activities.models.components import in_words_of
from activities.models.designations import Designations
from activities.models.listing import (
    Search,
    ShownSession,
    choices_of,
    found,
    month_name,
    search_of,
)
from activities.models.sessions import Session
from activities.registry import SessionStatus, components_booked, session_statuses
from activities.rules.availability import availability
from activities.rules.components import left_of
from common import clock

if TYPE_CHECKING:
    from activities.models.indexes import ActivityIndexPage

_SUNDAY = 6
# So that nobody, and no machine, walks through all months there are.
_MONTHS_EITHER_WAY = 24


@dataclass(frozen=True)
class CalendarDate(ShownSession):
    """A date of an activity in the calendar, with the `page` in the list's language. Nothing in
    it is about whoever looks: the status is used for the places that are taken."""

    page: ActivityPage | None = None

    @property
    def availability(self) -> Availability:
        return Availability(
            availability(
                self.session.capacity,
                self.status.taken,
                mode=self.session.mode,
                is_open=not (self.session.has_begun or self.is_closed),
                lacks_part=any(
                    one.component.is_required and one.left == 0 for one in self.components
                ),
            )
        )


@dataclass(frozen=True)
class CalendarDay:
    """A day of the table; one of another month is empty."""

    day: date
    in_month: bool
    dates: list[CalendarDate] = field(default_factory=list)

    @property
    def is_today(self) -> bool:
        return self.in_month and self.day == clock.today()


def calendar_of(index: ActivityIndexPage, request: HttpRequest) -> dict[str, Any]:
    """What the calendar shows: `weeks` of `CalendarDay`, `month` in words, whether it is `empty`,
    the queries of the months beside it (`earlier`, `later`; "" for none), and the search's form.

    Narrowed as the list is; the month is this one where none is chosen.
    """
    search = search_of(request.GET)
    today = clock.today()
    search = replace(search, month=search.month or f"{today:%Y-%m}")
    first, last = search.days or (today, today)
    by_day = _dates(index, request, search, (first, last))
    weeks = [
        [
            CalendarDay(day, day.month == first.month, by_day[day] if first <= day <= last else [])
            for day in week
        ]
        for week in calendar.Calendar(_SUNDAY).monthdatescalendar(first.year, first.month)
    ]
    return {
        "weeks": weeks,
        "month": month_name(first),
        "empty": not any(by_day.values()),
        "earlier": _beside(request, first, -1),
        "later": _beside(request, first, 1),
        **choices_of(search),
    }


def _dates(
    index: ActivityIndexPage, request: HttpRequest, search: Search, days: tuple[date, date]
) -> dict[date, list[CalendarDate]]:
    # Whether a page counts is a question of its next session; here each date is asked.
    pages = found(index, replace(search, counts=False)).select_related("locale")
    by_key = {page.translation_key: page for page in pages}
    sessions = list(
        Session.objects.public()
        .planned()
        .between(*days)
        .filter(page__translation_key__in=list(by_key))
    )
    if search.counts:
        designations = Designations({one.page for one in sessions})
        sessions = [one for one in sessions if designations.decision(one.page, one.day).allowed]
    # Of nobody in particular: the page is the same for everybody.
    statuses = session_statuses(request, [one.uuid for one in sessions])
    booked = components_booked(one.uuid for one in sessions if one.page.package)
    by_day: dict[date, list[CalendarDate]] = defaultdict(list)
    for one in sessions:
        page = by_key[one.page.translation_key]
        package = in_words_of(one.page.package, page.package)
        by_day[one.day].append(
            CalendarDate(
                session=one,
                status=SessionStatus(taken=statuses[one.uuid].taken),
                counts=False,
                components=[] if one.has_begun else left_of(package, booked.get(one.uuid, {})),
                page=page,
            )
        )
    return by_day


def _beside(request: HttpRequest, first: date, step: int) -> str:
    """The query of the month before or after, with all else that is chosen."""
    number = first.year * 12 + first.month - 1 + step
    today = clock.today()
    if abs(number - (today.year * 12 + today.month - 1)) > _MONTHS_EITHER_WAY:
        return ""
    query = request.GET.copy()
    query["month"] = f"{number // 12}-{number % 12 + 1:02}"
    return query.urlencode()
