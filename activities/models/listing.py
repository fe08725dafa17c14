"""What visitors see of activities and sessions: a fixed number of queries, however many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, When
from django.http import HttpRequest, QueryDict
from django.utils.formats import date_format
from django.utils.translation import get_language

from activities.enums import Category, SessionState, SignUpMode
from activities.models.activities import ActivityPage
from activities.models.components import in_words_of
from activities.models.designations import Designations
from activities.models.hosts import HostPage
from activities.models.sessions import Session
from activities.registry import (
    SessionStatus,
    components_booked,
    region_of,
    session_statuses,
)
from activities.rules.components import ComponentLeft, left_of
from activities.rules.sessions import coming_and_past, duration_hours
from common import clock
from common.wareki import to_era

if TYPE_CHECKING:
    from activities.models.indexes import ActivityIndexPage

ACTIVITIES_PER_PAGE = 20
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])\Z")


@dataclass(frozen=True)
class ShownSession:
    """A session with what the visitor needs to know to sign up."""

    session: Session
    status: SessionStatus
    counts: bool
    components: list[ComponentLeft] = field(default_factory=list)

    @property
    def plain_hours(self) -> str:
        """`3`, `2.5`: without zeros that say nothing."""
        hours = self.session.hours or duration_hours(self.session.starts_at, self.session.ends_at)
        return f"{hours.normalize():f}"

    @property
    def places_left(self) -> int | None:
        """None means no limit."""
        if self.session.capacity is None:
            return None
        return max(self.session.capacity - self.status.taken, 0)

    @property
    def is_full(self) -> bool:
        """Where staff or a lot decide, people apply for more places than there are."""
        return self.session.mode == SignUpMode.FIRST_COME and self.places_left == 0

    @property
    def is_closed(self) -> bool:
        """Whether the time for signing up is over, before the session begins."""
        until = self.session.apply_until
        return until is not None and until <= clock.now()


@dataclass(frozen=True)
class ListedActivity:
    """An activity in a list, with its next session (None when all are over)."""

    page: ActivityPage
    next_session: Session | None
    more_sessions: int
    counts: bool


def shown_sessions(page: ActivityPage, request: HttpRequest) -> list[ShownSession]:
    """The sessions of one activity: those to come, the soonest first, then those that are over,
    the latest first.

    A translation shows the sessions of its source; a preview those of the draft.
    """
    source = page.source
    if getattr(request, "is_preview", False) and page.is_source:
        sessions = [one for one in page.sessions.all() if one.starts_at and one.ends_at]
    else:
        sessions = list(source.stored_sessions())
    coming, past = coming_and_past(sessions)
    sessions = [*coming, *past]
    statuses = session_statuses(request, [one.uuid for one in sessions])
    designations = Designations([source])
    package = in_words_of(source.package, page.package)
    booked = components_booked(one.uuid for one in coming) if package else {}
    return [
        ShownSession(
            session=one,
            status=statuses[one.uuid],
            components=[] if one.is_over else left_of(package, booked.get(one.uuid, {})),
            counts=not one.is_cancelled and designations.decision(source, one.day).allowed,
        )
        for one in sessions
    ]


def listed(pages: Iterable[ActivityPage]) -> list[ListedActivity]:
    """`pages`, read with their locale, and their next sessions: three queries at most.

    Translations show the sessions of their sources; looking for those is one of the queries.
    """
    shown = list(pages)
    sources = {page.translation_key: page for page in shown if page.is_source}
    if len(sources) < len(shown):
        sources = {
            page.translation_key: page
            for page in ActivityPage.objects.filter(
                translation_key__in=[page.translation_key for page in shown],
                locale__language_code=settings.LANGUAGE_CODE,
            )
        }
    sessions: dict[int, list[Session]] = defaultdict(list)
    for session in Session.objects.planned().filter(page__in=[s.pk for s in sources.values()]):
        sessions[session.page_id].append(session)
    designations = Designations(sources.values())
    result = []
    for page in shown:
        source = sources.get(page.translation_key, page)
        coming = [one for one in sessions[source.pk] if not one.is_over]
        first = coming[0] if coming else None
        result.append(
            ListedActivity(
                page=page,
                next_session=first,
                more_sessions=max(len(coming) - 1, 0),
                counts=first is not None and designations.decision(source, first.day).allowed,
            )
        )
    return result


def upcoming_first(pages: QuerySet[ActivityPage]) -> QuerySet[ActivityPage]:
    """Urgent ones that are not over first; then by the next session that is not cancelled.
    Activities without one to come stand last, newest first.

    Sessions are those of the source page, joined by the translation key.
    """
    to_come = Q(ends_at__gte=clock.now(), state=SessionState.PLANNED)
    sessions = (
        Session.objects.filter(page__translation_key=OuterRef("translation_key"))
        .order_by()
        .values("page__translation_key")
    )
    return pages.annotate(
        next_start=sessions.filter(to_come).annotate(first=Min("starts_at")).values("first"),
        last_start=sessions.annotate(last=Max("starts_at")).values("last"),
    ).order_by(
        Case(When(is_urgent=True, next_start__isnull=False, then=0), default=1),
        F("next_start").asc(nulls_last=True),
        F("last_start").desc(nulls_last=True),
        "-pk",
    )


def next_activities(locale_id: int, count: int = 3) -> list[ListedActivity]:
    """The `count` activities soonest to come, in a language or else as they were written."""
    live = ActivityPage.objects.live()
    for pages in (
        live.filter(locale_id=locale_id),
        live.filter(locale__language_code=settings.LANGUAGE_CODE),
    ):
        coming = list(_with_pictures(upcoming_first(pages).exclude(next_start=None))[:count])
        if coming:
            return listed(coming)
    return []


def activities_of_host(host: HostPage, count: int = ACTIVITIES_PER_PAGE) -> list[ListedActivity]:
    """Published activities of a host, those soonest to come first, in the host page's language."""
    hosts = HostPage.objects.filter(translation_key=host.translation_key).values("pk")
    pages = ActivityPage.objects.live().filter(locale_id=host.locale_id, host__in=hosts)
    return listed(_with_pictures(upcoming_first(pages))[:count])


def sessions_of_host(host: HostPage) -> list[UUID]:
    """All sessions of a host's published activities, in whatever language host and activity are
    shown; one query."""
    hosts = HostPage.objects.filter(translation_key=host.translation_key).values("pk")
    rows = Session.objects.filter(page__live=True, page__host__in=hosts)
    return list(rows.order_by().values_list("uuid", flat=True))


def _with_pictures(pages: QuerySet[ActivityPage]) -> QuerySet[ActivityPage]:
    return pages.select_related("locale", "organisation", "image").prefetch_related(
        "image__renditions"
    )


@dataclass(frozen=True)
class Search:
    """What the list is narrowed by; empty and False narrow nothing. `work`: volunteer or paid."""

    month: str = ""
    q: str = ""
    category: str = ""
    work: str = ""
    remote: bool = False
    counts: bool = False
    urgent: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Search()

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of the month, if one is chosen."""
        return _month_bounds(self.month) if self.month else None


def search_of(query: QueryDict) -> Search:
    """What a query string asks for; what makes no sense is left aside."""

    def known(name: str, values: Iterable[str]) -> str:
        value = query.get(name, "").strip()
        return value if value in values else ""

    month = query.get("month", "").strip()
    return Search(
        month=month if _MONTH.match(month) else "",
        q=query.get("q", "").strip()[:100],
        category=known("category", Category.values),
        work=known("work", ("volunteer", "paid")),
        **{name: query.get(name) == "1" for name in ("remote", "counts", "urgent")},
    )


def list_activities(index: ActivityIndexPage, request: HttpRequest) -> dict[str, Any]:
    """What the list page shows: `activities` (a Paginator page), `search` and its choices, and
    `region`, what there is elsewhere in the prefecture (`registry.region_of`)."""
    search = search_of(request.GET)
    pages = found(index, search)
    paginator = Paginator(_with_pictures(pages), ACTIVITIES_PER_PAGE)
    current = paginator.get_page(request.GET.get("page"))
    return {
        "activities": listed(current.object_list),
        "page_obj": current,
        "region": region_of(request, search),
        "calendar_query": _as_calendar(request.GET),
        **choices_of(search),
    }


def found(index: ActivityIndexPage, search: Search) -> QuerySet[ActivityPage]:
    """What a search finds below the list, `upcoming_first`; two queries more for `counts`."""
    pages = ActivityPage.objects.live().filter(locale_id=index.locale_id).child_of(index)
    pages = upcoming_first(_narrowed(pages, search))
    return pages.filter(pk__in=_that_count(pages)) if search.counts else pages


def _as_calendar(query: QueryDict) -> str:
    """The query of the calendar of what a list shows."""
    other = query.copy()
    other.pop("page", None)
    other["view"] = "calendar"
    return other.urlencode()


def choices_of(search: Search) -> dict[str, Any]:
    """`search`, with what its form lets choose; the month that is chosen is among it."""
    months = set(_coming_months())
    if days := search.days:
        months.add((search.month, month_name(days[0])))
    return {"search": search, "months": sorted(months), "categories": Category.choices}


def _narrowed(pages: QuerySet[ActivityPage], search: Search) -> QuerySet[ActivityPage]:
    if days := search.days:
        sessions = Session.objects.planned().between(*days).order_by()
        pages = pages.filter(
            Exists(sessions.filter(page__translation_key=OuterRef("translation_key")))
        )
    for part in search.q.split():
        pages = pages.filter(Q(title__icontains=part) | Q(summary__icontains=part))
    if search.category:
        pages = pages.filter(category=search.category)
    if search.work:
        pages = pages.filter(is_paid=search.work == "paid")
    if search.remote:
        pages = pages.filter(is_remote=True)
    if search.urgent:
        pages = pages.filter(is_urgent=True)
    return pages


def _that_count(pages: QuerySet[ActivityPage]) -> list[int]:
    """Of `pages` those whose next session is designated (R17): two queries.

    The rule is asked, not rewritten in SQL; a municipality's activities to come are few.
    """
    coming = {
        key: (pk, moment.astimezone(clock.TOKYO).date())
        for pk, key, moment in pages.exclude(next_start=None).values_list(
            "pk", "translation_key", "next_start"
        )
    }
    sources = ActivityPage.objects.filter(
        translation_key__in=list(coming), locale__language_code=settings.LANGUAGE_CODE
    )
    designations = Designations(sources)
    return [
        coming[page.translation_key][0]
        for page in sources
        if designations.decision(page, coming[page.translation_key][1]).allowed
    ]


def _month_bounds(month: str) -> tuple[date, date]:
    year, number = (int(part) for part in month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1), date.fromordinal(after.toordinal() - 1)


def _coming_months(count: int = 12) -> list[tuple[str, str]]:
    """`("2026-11", month_name(…))` of this month and those that follow."""
    today = clock.today()
    months = []
    for offset in range(count):
        years, index = divmod(today.month - 1 + offset, 12)
        day = date(today.year + years, index + 1, 1)
        months.append((f"{day:%Y-%m}", month_name(day)))
    return months


def month_name(day: date) -> str:
    """`令和8年11月`, or `November 2026` in another language; `day` is the first of the month."""
    if not (get_language() or settings.LANGUAGE_CODE).startswith("ja"):
        return date_format(day, "F Y")
    # The first of a month decides its era; 31 days of two eras are not worth two lines.
    era = to_era(day)
    return f"{era.era}{era.year}年{era.month}月"
