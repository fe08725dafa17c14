"""What can be asked of sign-ups and the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Resident
from attendance.enums import SignUpStatus
from attendance.models import CalendarFeed, Draw, ParticipationRecord, SignUp
from attendance.rules.moves import HOLDING, OPEN
from common import clock
from tenants.actors import weighing
from tenants.models import Municipality

_GOVERNMENT = "municipality__local_government__prefecture"
_JUDGED = ("session_uuid", "municipality_id", "session_date", "designated", "category", "hours")


class _IsOneOf(Func):
    """`id = ANY (one || several)`: one look into an index, which `OR` with a subquery spoils."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, *args: Any, **context: Any) -> tuple[str, tuple[Any, ...]]:
        column, one, several = (compiler.compile(e) for e in self.get_source_expressions())
        sql = f"{column[0]} = ANY ({one[0]} || {several[0]})"
        return sql, (*column[1], *one[1], *several[1])


def records_of_person(resident_id: UUID) -> QuerySet[ParticipationRecord]:
    """Records of a resident and of accounts of theirs that became part of it.

    The ledger is never rewritten: what two accounts of one person recorded is read together.
    One person is in a session once: of two records of it the first counts.
    """
    records = _of_all_accounts(resident_id)
    earlier = records.order_by().filter(
        session_uuid=OuterRef("session_uuid"), pk__lt=OuterRef("pk")
    )
    return records.filter(~Exists(earlier))


def _of_all_accounts(resident_id: UUID) -> QuerySet[ParticipationRecord]:
    merged = Resident.objects.filter(merged_into=resident_id).order_by().values("pk")
    own = Value(resident_id, output_field=UUIDField())
    return ParticipationRecord.objects.filter(
        _IsOneOf(F("resident_id"), own, ArraySubquery(merged))
    )


def judged_of_person(resident_id: UUID) -> list[ParticipationRecord]:
    """As `records_of_person`, read at once and with no more of each than decisions are read from
    (`registration.rules.facts.Taken`): half the time of one with everything."""
    rows = _of_all_accounts(resident_id).only(*_JUDGED)
    first: dict[UUID, int] = {}
    for row in rows:
        first[row.session_uuid] = min(first.get(row.session_uuid, row.pk), row.pk)
    return [row for row in rows if first[row.session_uuid] == row.pk]


def participations_of(resident: Resident) -> QuerySet[ParticipationRecord]:
    """A person's participations in all municipalities, newest first."""
    return records_of_person(resident.pk).select_related(_GOVERNMENT)


def records_of_people(residents: Collection[UUID]) -> Iterator[tuple[UUID, ParticipationRecord]]:
    """As `records_of_person`, of many at once: whose it is, and the record, newest first. For
    the owner, whom no wall keeps from reading all of them; one query."""
    rows = ParticipationRecord.objects.filter(
        Q(resident__in=residents) | Q(resident__merged_into__in=residents)
    ).annotate(merged_into=F("resident__merged_into"))
    first: dict[tuple[UUID, UUID], int] = {}
    found = []
    for row in rows:
        owner = row.resident_id if row.resident_id in residents else row.merged_into
        key = owner, row.session_uuid
        first[key] = min(first.get(key, row.pk), row.pk)
        found.append((key, row))
    return ((key[0], row) for key, row in found if first[key] == row.pk)


def upcoming_of(resident: Resident) -> QuerySet[SignUp]:
    """What a resident is signed up for in any way and that is not over, soonest first."""
    return (
        SignUp.objects.filter(resident=resident, status__in=OPEN, ends_at__gte=clock.now())
        .select_related(_GOVERNMENT)
        .order_by("starts_at")
    )


def all_sign_ups_of(resident: Resident, since: datetime) -> QuerySet[SignUp]:
    """Sign-ups of any status for sessions that end after `since`, soonest first."""
    return (
        SignUp.objects.filter(resident=resident, ends_at__gte=since)
        .select_related(_GOVERNMENT)
        .order_by("starts_at")
    )


def sign_up_of(resident: Resident, session_uuid: UUID) -> SignUp | None:
    """The resident's sign-up for one session, of whatever status, if there is one."""
    return SignUp.objects.filter(resident=resident, session_uuid=session_uuid).first()


@dataclass(frozen=True)
class SessionTotals:
    """Of one session: places `taken` (offered ones too), how many groups are `waiting`, places
    that the smallest of them needs, and the resident's `own` sign-up."""

    taken: int
    waiting: int
    smallest_waiting: int | None
    last_in_line: int
    own: SignUp | None


def totals_of(
    municipality: Municipality, session_uuid: UUID, resident: Resident | None = None
) -> SessionTotals:
    """What a sign-up is decided by, in one statement for all and one for the resident's own."""
    waits = Q(status=SignUpStatus.WAITING)
    rows = SignUp.objects.filter(municipality=municipality, session_uuid=session_uuid)
    # Numbers over everybody's sign-ups, which nobody but staff may read one by one.
    with weighing(municipality.code):
        sums = rows.aggregate(
            taken=Coalesce(Sum("party", filter=Q(status__in=HOLDING)), 0),
            waiting=Count("pk", filter=waits),
            smallest_waiting=Min("party", filter=waits),
            last_in_line=Coalesce(Max("line"), 0),
            own=Max("pk", filter=Q(resident=resident) if resident else Q(pk=None)),
        )
    own = sums.pop("own")
    return SessionTotals(own=SignUp.objects.get(pk=own) if own else None, **sums)


def numbers_in_line(sign_ups: Iterable[SignUp]) -> dict[int, int]:
    """By primary key, the number in line of those who wait: 1 is the first. One statement for
    each municipality."""
    wanted: dict[str, list[SignUp]] = defaultdict(list)
    for row in sign_ups:
        if row.status == SignUpStatus.WAITING:
            wanted[row.municipality_id].append(row)
    numbers: dict[int, int] = {}
    for code, rows in wanted.items():
        with weighing(code):
            lines = list(
                SignUp.objects.filter(
                    municipality_id=code,
                    session_uuid__in=[row.session_uuid for row in rows],
                    status=SignUpStatus.WAITING,
                )
                .order_by()
                .values_list("session_uuid", Coalesce("line", 0))
            )
        for row in rows:
            before = [
                one for one in lines if one[0] == row.session_uuid and one[1] < (row.line or 0)
            ]
            numbers[row.pk] = 1 + len(before)
    return numbers


def taken_places(municipality: Municipality, session_uuids: Iterable[UUID]) -> dict[UUID, int]:
    """How many places are taken in each session, with those that are offered to somebody;
    sessions without a sign-up are left out."""
    # A number over everybody's places, which nobody but staff may read one by one.
    with weighing(municipality.code):
        return dict(
            SignUp.objects.filter(
                municipality=municipality,
                session_uuid__in=list(session_uuids),
                status__in=HOLDING,
            )
            .values_list("session_uuid")
            .annotate(Sum("party"))
            .order_by()
        )


def sign_ups_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[SignUp]:
    """Who has a place in a session of this municipality, in the order of signing up."""
    return all_sign_ups_for(municipality, session_uuid).filter(status=SignUpStatus.SIGNED_UP)


def all_sign_ups_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[SignUp]:
    """Sign-ups of any status: those who wait in the order of the line, all others in the order
    of signing up."""
    return SignUp.objects.filter(municipality=municipality, session_uuid=session_uuid).order_by(
        F("line").asc(nulls_last=True), "created_at"
    )


def draw_of(session_uuid: UUID) -> Draw | None:
    """The draw of a session; whose municipality it is, the caller looks at."""
    return Draw.objects.filter(session_uuid=session_uuid).first()


def feed_of(resident: Resident) -> CalendarFeed | None:
    """The resident's address for calendars, if they have made one."""
    return CalendarFeed.objects.filter(resident=resident).first()


def records_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[ParticipationRecord]:
    """Who took part in a session of this municipality."""
    return ParticipationRecord.objects.filter(
        municipality=municipality, session_uuid=session_uuid
    ).order_by("recorded_at")


def status_of_sessions(
    municipality: Municipality, session_uuids: list[UUID], resident: Resident | None
) -> dict[UUID, tuple[int, bool]]:
    """For each session with a sign-up: places taken, and whether `resident` has one."""
    mine = Q(resident=resident, status=SignUpStatus.SIGNED_UP) if resident else Q(pk=None)
    rows = (
        SignUp.objects.filter(
            municipality=municipality, session_uuid__in=session_uuids, status__in=HOLDING
        )
        .values_list("session_uuid")
        .annotate(taken=Sum("party"), own=Count("pk", filter=mine))
        .order_by()
    )
    with weighing(municipality.code):  # as in `taken_places`
        return {uuid: (taken, bool(own)) for uuid, taken, own in rows}


def sessions_with_people(session_uuids: list[UUID]) -> set[UUID]:
    """Those of the sessions that anybody signed up for or took part in."""
    signed_up = SignUp.objects.filter(session_uuid__in=session_uuids, status__in=OPEN).values_list(
        "session_uuid", flat=True
    )
    took_part = ParticipationRecord.objects.filter(session_uuid__in=session_uuids).values_list(
        "session_uuid", flat=True
    )
    return set(signed_up.union(took_part))
