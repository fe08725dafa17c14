"""What stands on the coordinator's desk: a fixed number of statements, however much there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet, Sum

from activities.models import ActivityPage, DailyViews, Need, Session
from activities.registry.desk import (
    DeskTask,
    Origins,
    SessionNumbers,
    desk_lists,
    numbers_of,
    origins_of,
)
from activities.rules.special_grant import days_of
from common import clock

COMING_DAYS = 30
MOST_SESSIONS = 50
MOST_NEEDS = 20


@dataclass(frozen=True)
class DeskSession:
    session: Session
    numbers: SessionNumbers


@dataclass(frozen=True)
class Desk:
    """Today's sessions and the coming ones, what waits, and the needs that wait."""

    today: list[DeskSession]
    coming: list[DeskSession]
    waiting: list[tuple[Any, list[DeskTask]]]
    needs: list[Need]


def desk_of(municipality: Any) -> Desk:
    """What a coordinator has to do now, in the active municipality."""
    day = clock.today()
    opens = datetime.combine(day, datetime.min.time(), clock.TOKYO)
    sessions = list(
        Session.objects.public()
        .planned()
        .filter(ends_at__gte=opens, starts_at__lt=opens + timedelta(days=COMING_DAYS + 1))
        .order_by("starts_at", "pk")[:MOST_SESSIONS]
    )
    numbers = numbers_of(municipality, [one.uuid for one in sessions])
    rows = [DeskSession(one, numbers[one.uuid]) for one in sessions]
    return Desk(
        today=[row for row in rows if row.session.day <= day],
        coming=[row for row in rows if row.session.day > day],
        waiting=desk_lists(municipality),
        needs=list(Need.objects.waiting()[:MOST_NEEDS]),
    )


@dataclass(frozen=True)
class Matched:
    """One activity of a year: how often it was opened, and who came of it."""

    page: ActivityPage
    views: int
    signed_up: int
    took_part: int

    @property
    def is_matched(self) -> bool:
        """Somebody signed up or took part."""
        return bool(self.signed_up or self.took_part)


@dataclass(frozen=True)
class MatchRate:
    """Of a fiscal year: the published activities with a date in it, and the totals of all."""

    activities: list[Matched]
    origins: Origins

    @property
    def matched(self) -> int:
        return sum(one.is_matched for one in self.activities)

    @property
    def percent(self) -> int | None:
        """Matched activities of all, in whole percent; None where there is none."""
        return round(100 * self.matched / len(self.activities)) if self.activities else None

    @property
    def views(self) -> int:
        return sum(one.views for one in self.activities)

    @property
    def signed_up(self) -> int:
        return sum(one.signed_up for one in self.activities)

    @property
    def took_part(self) -> int:
        return sum(one.took_part for one in self.activities)


@dataclass(frozen=True)
class Figures:
    """Of one activity since it is there: openings of its page, and people on all its dates."""

    views: int
    signed_up: int
    took_part: int


def figures_of(municipality: Any, pages: Collection[ActivityPage]) -> dict[int, Figures]:
    """The figures of these activities of the active municipality, by the page's number; their
    sessions are read already. A fixed number of statements, however many there are.

    Cancelled dates count for nothing; views of translations count for their activity.
    """
    planned = {
        page.pk: [one.uuid for one in page.sessions.all() if not one.is_cancelled] for page in pages
    }
    numbers = numbers_of(municipality, [uuid for uuids in planned.values() for uuid in uuids])
    views = _views_by_key(
        DailyViews.objects.filter(
            page__translation_key__in=[page.translation_key for page in pages]
        )
    )
    return {
        page.pk: Figures(
            views=views.get(page.translation_key, 0),
            signed_up=sum(numbers[uuid].signed_up for uuid in planned[page.pk]),
            took_part=sum(numbers[uuid].took_part for uuid in planned[page.pk]),
        )
        for page in pages
    }


def _views_by_key(rows: QuerySet[DailyViews]) -> dict[UUID, int]:
    return dict(rows.values_list("page__translation_key").annotate(Sum("number")).order_by())


def match_rate(municipality: Any, year: int) -> MatchRate:
    """Views, sign-ups and participations of the fiscal year `year` (April to March).

    Cancelled dates count for nothing; views of translations count for their activity.
    """
    first, last = days_of(year)
    sessions: dict[int, list[Any]] = defaultdict(list)
    rows = Session.objects.planned().filter(page__live=True).between(first, last)
    for page_id, uuid in rows.values_list("page", "uuid"):
        sessions[page_id].append(uuid)
    numbers = numbers_of(municipality, [uuid for uuids in sessions.values() for uuid in uuids])
    views = _views_by_key(DailyViews.objects.filter(day__range=(first, last)))
    pages = ActivityPage.objects.filter(
        pk__in=list(sessions), locale__language_code=settings.LANGUAGE_CODE
    ).order_by("title", "pk")
    found = []
    for page in pages:
        of_page = [numbers[uuid] for uuid in sessions[page.pk]]
        found.append(
            Matched(
                page=page,
                views=views.get(page.translation_key, 0),
                signed_up=sum(one.signed_up for one in of_page),
                took_part=sum(one.took_part for one in of_page),
            )
        )
    return MatchRate(found, origins_of(municipality, first, last))
