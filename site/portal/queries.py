"""What can be asked of the portal's index, and by a guardian."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from accounts.models import Resident
from attendance.enums import SignUpStatus
from attendance.models import ParticipationRecord, SignUp
from common import clock
from common.text import normalise_kana
from identity.models import GuardianConsent
from identity.queries import children_of
from portal.models import ActivityListing
from portal.rules.words import words_of
from registration.enums import RegistrationStatus
from registration.models import Registration
from tenants.actors import acting, guardian
from tenants.enums import GovernmentKind, MunicipalityStatus
from tenants.models import LocalGovernment, Municipality

_LOOKED_AT = 60  # rows for the few urgent activities that are shown: each has some dates


def upcoming_listings() -> QuerySet[ActivityListing]:
    """Sessions of published municipalities that are not over: urgent ones, then the soonest."""
    return (
        ActivityListing.objects.filter(
            ends_at__gte=clock.now(), municipality__in=Municipality.objects.published()
        )
        .select_related("municipality__local_government__prefecture")
        .order_by("-is_urgent", "starts_at", "pk")
    )


def search_listings(
    *,
    prefecture: str = "",
    first_day: date | None = None,
    last_day: date | None = None,
    word: str = "",
    category: str = "",
    work: str = "",
    only_designated: bool = False,
    only_remote: bool = False,
    only_urgent: bool = False,
) -> QuerySet[ActivityListing]:
    """Upcoming sessions that fit every filter given. `work`: "volunteer" or "paid"."""
    rows = upcoming_listings()
    if prefecture:
        rows = rows.filter(prefecture_code=prefecture)
    if first_day:
        rows = rows.filter(ends_at__gte=_start_of(first_day))
    if last_day:
        rows = rows.filter(starts_at__lte=_end_of(last_day))
    if category:
        rows = rows.filter(category=category)
    if work:
        rows = rows.filter(is_paid=work == "paid")
    for wanted, field in (
        (only_designated, "designated"), (only_remote, "is_remote"), (only_urgent, "is_urgent"),
    ):  # fmt: skip
        if wanted:
            rows = rows.filter(**{field: True})
    if word.strip():
        rows = rows.filter(_about(word.strip()))
    return rows


def urgent_elsewhere(municipality: Municipality, most: int = 3) -> list[ActivityListing]:
    """Urgent activities of others in the same prefecture, the soonest date of each (A10.12)."""
    rows = (
        upcoming_listings()
        .filter(prefecture_code=municipality.prefecture_code, is_urgent=True)
        .exclude(municipality=municipality)
    )
    soonest: dict[tuple[str, int], ActivityListing] = {}
    for row in rows[:_LOOKED_AT]:
        soonest.setdefault((row.municipality_id, row.page_id), row)
    return list(soonest.values())[:most]


def dates_elsewhere(municipality: Municipality, programme: UUID) -> QuerySet[ActivityListing]:
    """The dates of a joint programme in other municipalities, soonest first (A16.5)."""
    return (
        upcoming_listings()
        .filter(joint_programme=programme)
        .exclude(municipality=municipality)
        .order_by("starts_at", "pk")
    )


def listings_that_count(
    municipality: Municipality, counts_cities: bool, most: int = 5
) -> list[ActivityListing]:
    """The next designated sessions of a municipality; of a prefecture that counts those of its
    cities (R9), of all of the prefecture."""
    rows = upcoming_listings().filter(designated=True).order_by("starts_at", "pk")
    if counts_cities and municipality.is_prefecture:
        return list(rows.filter(prefecture_code=municipality.code)[:most])
    return list(rows.filter(municipality=municipality)[:most])


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


@dataclass(frozen=True)
class Joined:
    """One thing a child has joined: where, since when or when, and what."""

    municipality: str
    at: datetime
    title: str = ""


@dataclass(frozen=True)
class Child:
    """A minor as their guardian sees them: this, and nothing else (R11)."""

    consent: GuardianConsent
    name: str
    registrations: tuple[Joined, ...]
    sign_ups: tuple[Joined, ...]
    participations: tuple[Joined, ...]


def joined_by_children(resident: Resident) -> list[Child]:
    """What each child for whom `resident` has consented has joined; a fixed number of queries
    besides two or three a child.

    The only place where somebody reads another's rows. Rows: the database gives the actor
    `guardian` those of the three tables below, of children with a consent nobody has ended.
    Fields: municipality, date and title alone leave the statements.
    """
    children = children_of(resident)
    ids = [child.consent.resident_id for child in children]
    if not ids:
        return []
    registrations = Registration.objects.filter(status=RegistrationStatus.ACTIVE)
    sign_ups = SignUp.objects.filter(status=SignUpStatus.SIGNED_UP, ends_at__gte=clock.now())
    with acting(guardian(resident.user_id, resident.pk)):
        registered = _joined(registrations, ids, "registered_at")
        signed_up = _joined(sign_ups, ids, "starts_at", "activity_title")
        took_part = _joined(
            ParticipationRecord.objects.counted(), ids, "starts_at", "activity_title", newest=True
        )
    return [
        Child(
            consent=child.consent,
            name=child.name,
            registrations=tuple(registered.get(child.consent.resident_id, ())),
            sign_ups=tuple(signed_up.get(child.consent.resident_id, ())),
            participations=tuple(took_part.get(child.consent.resident_id, ())),
        )
        for child in children
    ]


def _joined(
    rows: QuerySet, ids: Iterable[UUID], at: str, title: str = "", *, newest: bool = False
) -> dict[UUID, list[Joined]]:
    fields = ["resident_id", "municipality_id", at, *([title] if title else [])]
    found = rows.filter(resident_id__in=ids).order_by(f"-{at}" if newest else at)
    values = list(found.values_list(*fields))
    names = {
        place.code: place.full_name
        for place in Municipality.objects.filter(pk__in={row[1] for row in values}).select_related(
            "local_government__prefecture"
        )
    }
    joined: dict[UUID, list[Joined]] = defaultdict(list)
    for child, code, moment, *rest in values:
        joined[child].append(Joined(names[code], moment, *rest))
    return joined
