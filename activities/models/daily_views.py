"""How often activities are opened, counted without a cookie and off the database's back.

Each process counts in memory and adds what it has counted once in `VIEWS_KEPT_SECONDS`, with the
view that comes next: one statement a minute, not one a view. What a process has not written when
it ends is lost.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.http import HttpRequest

from common import clock
from tenants.context import current_municipality

logger = logging.getLogger(__name__)
_ROBOT = re.compile("bot|crawl|spider|slurp|preview|monitor|curl|python", re.IGNORECASE)
_ADD = (
    "INSERT INTO activities_dailyviews (page_id, day, number)"
    " SELECT page_id, day, number FROM unnest(%s::bigint[], %s::date[], %s::int[])"
    " AS counted (page_id, day, number)"
    # Of pages that are still there, always in one order: so that no two processes wait for each
    # other.
    " JOIN activities_activitypage ON page_ptr_id = page_id ORDER BY page_id, day"
    " ON CONFLICT (page_id, day) DO UPDATE"
    " SET number = activities_dailyviews.number + excluded.number"
)


class DailyViews(models.Model):
    """How often one page (a translation has its own row) was opened on one day in Japan.

    Openings, not people: nothing that tells one visitor from another is kept, so whoever opens a
    page twice is counted twice. Robots that say so, staff's previews and errors are left out.
    """

    page = models.ForeignKey(
        "activities.ActivityPage", on_delete=models.CASCADE, related_name="daily_views"
    )
    day = models.DateField()
    number = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["page", "day"], name="activities_views_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.day}: {self.number}"


@dataclass
class _Counted:
    """What this process has counted of one municipality since its last writing."""

    since: float
    views: Counter[tuple[int, date]] = field(default_factory=Counter)


_counted: dict[str, _Counted] = {}
_lock = threading.Lock()


def count_view(page_id: int, request: HttpRequest) -> None:
    """One more view of a page of the active municipality; robots that say so are left out."""
    agent = request.headers.get("User-Agent", "")
    if request.method != "GET" or _ROBOT.search(agent):
        return
    code, now = current_municipality().code, time.monotonic()
    with _lock:
        counted = _counted.setdefault(code, _Counted(now))
        counted.views[page_id, clock.today()] += 1
        if now - counted.since < settings.VIEWS_KEPT_SECONDS:
            return
        _counted[code] = _Counted(now)
    _add(counted.views)


def _add(views: Counter[tuple[int, date]]) -> None:
    pages, days = zip(*views, strict=True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_ADD, [list(pages), list(days), list(views.values())])
    except DatabaseError:
        # Whoever reads the page must not suffer from its being counted.
        logger.warning("%s views of activities were not written", views.total(), exc_info=True)
