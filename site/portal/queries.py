"""What can be asked of the portal's index."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from common import clock
from common.text import normalise_kana
from portal.models import ActivityListing
from portal.rules.words import words_of
from tenants.enums import GovernmentKind, MunicipalityStatus
from tenants.models import LocalGovernment, Municipality


def upcoming_listings() -> QuerySet[ActivityListing]:
    """Sessions of published municipalities that are not over, soonest first."""
    return ActivityListing.objects.filter(
        ends_at__gte=clock.now(), municipality__in=Municipality.objects.published()
    ).select_related("municipality__local_government__prefecture")


def search_listings(
    *,
    prefecture: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    word: str = "",
    only_designated: bool = False,
) -> QuerySet[ActivityListing]:
    """Upcoming sessions that fit every filter given."""
    rows = upcoming_listings()
    if prefecture:
        rows = rows.filter(prefecture_code=prefecture)
    if first_day:
        rows = rows.filter(ends_at__gte=_start_of(first_day))
    if last_day:
        rows = rows.filter(starts_at__lte=_end_of(last_day))
    if only_designated:
        rows = rows.filter(designated=True)
    if word.strip():
        rows = rows.filter(_about(word.strip()))
    return rows


def _about(word: str) -> Q:
    """All words of the query; or the text as typed, for what the dictionary cuts otherwise."""
    as_typed = (
        Q(title__icontains=word)
        | Q(summary__icontains=word)
        | Q(municipality__local_government__name__icontains=word)
    )
    words = words_of(word)
    if not words:
        return as_typed
    query = SearchQuery(words[0], config="simple", search_type="plain")
    for further in words[1:]:
        query &= SearchQuery(further, config="simple", search_type="plain")
    return Q(words=query) | as_typed


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.TOKYO)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=clock.TOKYO)


def prefectures_taking_part() -> QuerySet[LocalGovernment]:
    """Prefectures that are published or in which somebody is: 47 rows at most."""
    published = MunicipalityStatus.PUBLISHED
    taking_part = Municipality.objects.published().values("local_government__prefecture")
    return LocalGovernment.objects.filter(
        Q(municipality__status=published) | Q(pk__in=taking_part),
        kind=GovernmentKind.PREFECTURE,
    )


def municipalities_by_prefecture(
    word: str = "",
) -> list[tuple[LocalGovernment, list[Municipality]]]:
    """Everybody who is published, each under its prefecture, in the order of the codes.

    With `word`, those whose name or furigana holds it, or whose prefecture's name does.
    """
    rows = Municipality.objects.published().order_by("local_government")
    if word:
        rows = rows.filter(
            Q(local_government__name__icontains=word)
            | Q(local_government__kana__icontains=normalise_kana(word))
            | Q(local_government__prefecture__name__icontains=word)
        )
    groups: dict[LocalGovernment, list[Municipality]] = {}
    for row in sorted(rows, key=lambda m: (m.prefecture_code, not m.is_prefecture, m.code)):
        government = row.local_government.prefecture or row.local_government
        groups.setdefault(government, []).append(row)
    return list(groups.items())
