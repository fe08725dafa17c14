"""Activities and sessions for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from activities.enums import Answer, Category
from activities.models import ActivityPage, Session
from activities.queries import activity_index
from common import clock
from tenants.context import municipality_context
from tenants.models import Municipality


def session_values(
    day: date | None = None, *, start: time = time(9), hours: int = 3, **fields: Any
) -> dict[str, Any]:
    """Field values of a session on `day` (default: in a week), at Japan's clock."""
    starts_at = datetime.combine(
        day or clock.today() + timedelta(days=7), start, tzinfo=clock.TOKYO
    )
    values = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "place": "内湾地区 ムカエル",
    }
    return values | fields


def make_activity(
    municipality: Municipality,
    *,
    title: str = "内湾の清掃活動",
    sessions: Sequence[dict[str, Any]] | None = None,
    designated: bool = True,
    publish: bool = True,
    designated_from: date | None = date(2026, 4, 1),
    **fields: Any,
) -> ActivityPage:
    """An activity of `municipality`; enters its schema itself.

    `sessions` are dicts for `Session` (see `session_values`); by default one in a week.
    With `designated`, both questions are answered with yes and it counts from 1 April 2026.
    """
    wanted = [session_values()] if sessions is None else sessions
    answers: dict[str, Any] = {}
    if designated:
        answers = {
            "lack_of_hands": Answer.YES,
            "lack_of_hands_reason": "地区の高齢化で清掃の人手が足りません。",
            "public_benefit": Answer.YES,
            "public_benefit_reason": "だれもが使う海辺を3時間かけて清掃します。",
            "designated_from": designated_from,
        }
    values = {
        "summary": "海辺のごみを一緒に拾いましょう。",
        "category": Category.CLEANING,
        "contact_name": "気仙沼市 企画課",
        "contact_phone": "0226-22-6600",
    }
    with municipality_context(municipality):
        index = activity_index()
        assert index is not None
        page = ActivityPage(title=title, locale=index.locale, **(values | answers | fields))
        page.sessions = [Session(**one) for one in wanted]
        page.live = False
        index.add_child(instance=page)
        revision = page.save_revision()
        if publish:
            revision.publish()
        page = ActivityPage.objects.get(pk=page.pk)
        page.locale  # noqa: B018 - read while the schema is active
        return page
