"""What visitors see of activities and sessions: a fixed number of queries, however many."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, Min, OuterRef, Q, QuerySet, When
from django.http import HttpRequest, QueryDict

from activities.models.activities import ActivityPage
from activities.models.designations import Designations
from activities.models.sessions import Session
from activities.registry import SessionStatus, session_statuses
from common import clock

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

    @property
    def places_left(self) -> int | None:
        """None means no limit."""
        if self.session.capacity is None:
            return None
        return max(self.session.capacity - self.status.taken, 0)

    @property
    def is_full(self) -> bool:
        return self.places_left == 0

    @property
    def can_sign_up(self) -> bool:
        return not self.session.has_begun and not self.is_full


@dataclass(frozen=True)
class ListedActivity:
    """An activity in a list, with its next session (None when all are over)."""

    page: ActivityPage
    next_session: Session | None
    more_sessions: int
    counts: bool


def shown_sessions(page: ActivityPage, request: HttpRequest) -> list[ShownSession]:
    """The sessions of one activity, those to come first, then those that are over.

    A translation shows the sessions of its source; a preview those of the draft.
    """
    source = page.source
    if getattr(request, "is_preview", False) and page.is_source:
        sessions = [one for one in page.sessions.all() if one.starts_at and one.ends_at]
    else:
        sessions = list(source.stored_sessions())
    sessions.sort(key=lambda one: (one.is_over, one.starts_at))
    statuses = session_statuses(request, [one.uuid for one in sessions])
    designations = Designations([source])
    return [
        ShownSession(
            session=one,
            status=statuses[one.uuid],
            counts=designations.decision(source, one.day).allowed,
        )
        for one in sessions
    ]


def listed(pages: Iterable[ActivityPage]) -> list[ListedActivity]:
    """`pages` (of any language) with their next sessions: four queries, however many."""
    shown = list(pages)
    keys = [page.translation_key for page in shown]
    sources = {
        page.translation_key: page
        for page in ActivityPage.objects.filter(
            translation_key__in=keys, locale__language_code=settings.LANGUAGE_CODE
        )
    }
    sessions: dict[int, list[Session]] = defaultdict(list)
    for session in Session.objects.filter(page__in=[one.pk for one in sources.values()]):
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
    """Ordered by the next session; activities without one to come stand last, newest first.

    Sessions are those of the source page, joined by the translation key.
    """
    to_come = Q(ends_at__gte=clock.now())
    sessions = (
        Session.objects.filter(page__translation_key=OuterRef("translation_key"))
        .order_by()
        .values("page__translation_key")
    )
    return pages.annotate(
        next_start=sessions.filter(to_come).annotate(first=Min("starts_at")).values("first"),
        last_start=sessions.annotate(last=Min("starts_at")).values("last"),
    ).order_by(
        F("next_start").asc(nulls_last=True),
        Case(When(next_start=None, then=F("last_start"))).desc(nulls_last=True),
        "-pk",
    )


def list_activities(index: ActivityIndexPage, query: QueryDict) -> dict[str, Any]:
    """What the list page shows: `activities` (a Paginator page), `search`, `months`.

    `?month=2026-11` and `?q=word` narrow it; what makes no sense is left aside.
    """
    pages = ActivityPage.objects.live().filter(locale_id=index.locale_id).child_of(index)
    month, word = query.get("month", "").strip(), query.get("q", "").strip()[:100]
    if _MONTH.match(month):
        first, last = _month_bounds(month)
        sessions = Session.objects.between(first, last).order_by()
        pages = pages.filter(
            Exists(sessions.filter(page__translation_key=OuterRef("translation_key")))
        )
    for part in word.split():
        pages = pages.filter(Q(title__icontains=part) | Q(summary__icontains=part))
    paginator = Paginator(upcoming_first(pages), ACTIVITIES_PER_PAGE)
    current = paginator.get_page(query.get("page"))
    return {
        "activities": listed(current.object_list),
        "page_obj": current,
        "search": {"month": month if _MONTH.match(month) else "", "q": word},
        "months": _coming_months(),
    }


def _month_bounds(month: str) -> tuple[date, date]:
    year, number = (int(part) for part in month.split("-"))
    after = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1), date.fromordinal(after.toordinal() - 1)


def _coming_months(count: int = 12) -> list[tuple[str, date]]:
    """`("2026-11", date)` of this month and those that follow."""
    today = clock.today()
    months = []
    for offset in range(count):
        years, index = divmod(today.month - 1 + offset, 12)
        day = date(today.year + years, index + 1, 1)
        months.append((f"{day:%Y-%m}", day))
    return months
