"""What can be asked of sign-ups and the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    F,
    Func,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    UUIDField,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from accounts.models import Resident
from attendance.enums import ObjectionStatus, SignUpStatus
from attendance.models import (
    CalendarFeed,
    Draw,
    Objection,
    ParticipationRecord,
    Seal,
    SessionClosing,
    SessionKey,
    SignUp,
)
from attendance.models.ledger import ParticipationQuerySet
from attendance.rules.moves import HOLDING, OPEN
from attendance.rules.sealing import public_key
from common import clock
from tenants.actors import weighing
from tenants.models import Municipality
from tenants.postgresql.compiled import CompiledQuery

PUBLISHED_DAYS = 31
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
    """Records that count, of a resident and of accounts of theirs that became part of it.

    The ledger is never rewritten: what two accounts of one person recorded is read together, and
    as it was amended since (`counted_hours`). One person is in a session once: of two records of
    it that count the first does.
    """
    records = _of_all_accounts(resident_id).counted()
    earlier = records.order_by().filter(
        session_uuid=OuterRef("session_uuid"), pk__lt=OuterRef("pk")
    )
    return records.filter(~Exists(earlier))


def _of_all_accounts(resident_id: UUID) -> ParticipationQuerySet:
    merged = Resident.objects.filter(merged_into=resident_id).order_by().values("pk")
    own = Value(resident_id, output_field=UUIDField())
    return ParticipationRecord.objects.filter(
        _IsOneOf(F("resident_id"), own, ArraySubquery(merged))
    )


_JUDGED_OF = CompiledQuery(
    lambda resident_id: _of_all_accounts(resident_id).only(*_JUDGED).with_state(), UUID(int=1)
)


def judged_of_person(resident_id: UUID) -> list[ParticipationRecord]:
    """As `records_of_person`, read at once and with no more of each than decisions are read from
    (`registration.rules.facts.Taken`): half the time of one with everything."""
    rows = [row for row in _JUDGED_OF.all(resident_id) if not row.is_voided]
    first: dict[UUID, int] = {}
    for row in rows:
        first[row.session_uuid] = min(first.get(row.session_uuid, row.pk), row.pk)
    return [row for row in rows if first[row.session_uuid] == row.pk]


def participations_of(resident: Resident) -> QuerySet[ParticipationRecord]:
    """A person's participations that count, in all municipalities, newest first."""
    return records_of_person(resident.pk).select_related(_GOVERNMENT)


def history_of(resident: Resident) -> list[ParticipationRecord]:
    """All that the ledger has of a person, newest first: as `participations_of`, with voided
    records, each with its amendments and objections; three queries."""
    rows = list(
        _of_all_accounts(resident.pk)
        .with_state()
        .select_related(_GOVERNMENT)
        .prefetch_related("amendments", "objections")
    )
    counted = sorted((row for row in rows if not row.is_voided), key=lambda row: -row.pk)
    first = {row.session_uuid: row.pk for row in counted}
    return [row for row in rows if row.is_voided or first[row.session_uuid] == row.pk]


def open_objection_to(record: ParticipationRecord) -> Objection | None:
    """The objection to a record that waits for an answer."""
    return Objection.objects.filter(record=record, status=ObjectionStatus.OPEN).first()


def open_objections(municipality: Municipality) -> QuerySet[Objection]:
    """Objections that wait for this municipality's answer, the oldest first."""
    return Objection.objects.filter(
        municipality=municipality, status=ObjectionStatus.OPEN
    ).select_related("record")


def records_of_people(residents: Collection[UUID]) -> Iterator[tuple[UUID, ParticipationRecord]]:
    """As `records_of_person`, of many at once: whose it is, and the record, newest first. For
    the owner, whom no wall keeps from reading all of them; one query."""
    rows = (
        ParticipationRecord.objects.filter(
            Q(resident__in=residents) | Q(resident__merged_into__in=residents)
        )
        .counted()
        .annotate(merged_into=F("resident__merged_into"))
    )
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
    """Who took part in a session of this municipality; without voided records."""
    return all_records_for(municipality, session_uuid).filter(Q(counted_hours__gte=0))


def all_records_for(
    municipality: Municipality, session_uuid: UUID
) -> QuerySet[ParticipationRecord]:
    """As `records_for`, with those that were voided; with their amendments."""
    return (
        ParticipationRecord.objects.filter(municipality=municipality, session_uuid=session_uuid)
        .with_state()
        .prefetch_related("amendments")
        .order_by("recorded_at")
    )


def stored_record(resident_id: UUID, session_uuid: UUID) -> ParticipationRecord:
    """What the ledger has of a person at a session, voided or not; a record that counts before
    one that does not. Raises `ParticipationRecord.DoesNotExist`."""
    # Whoever records somebody else sees no accounts: the guard names the rows of those that became
    # one with this, and the wall shows them or not.
    merged = RawSQL("SELECT guard.records_of_merged(%s, %s)", [resident_id, session_uuid])
    rows = ParticipationRecord.objects.filter(
        Q(resident_id=resident_id) | Q(pk__in=merged), session_uuid=session_uuid
    ).with_state()
    return rows.order_by(Case(When(counted_hours__lt=0, then=1), default=0), "pk")[:1].get()


def status_of_sessions(
    municipality: Municipality, session_uuids: list[UUID], resident: Resident | None
) -> dict[UUID, tuple[int, bool, bool]]:
    """For each session with a sign-up: places taken, whether `resident` has one, and whether they
    wait for one in whatever way."""
    own = Q(resident=resident) if resident else Q(pk=None)
    has_place = Q(status=SignUpStatus.SIGNED_UP)
    rows = (
        SignUp.objects.filter(
            municipality=municipality, session_uuid__in=session_uuids, status__in=OPEN
        )
        .values_list("session_uuid")
        .annotate(
            taken=Sum("party", filter=Q(status__in=HOLDING), default=0),
            mine=Count("pk", filter=own & has_place),
            asked=Count("pk", filter=own & ~has_place),
        )
        .order_by()
    )
    with weighing(municipality.code):  # as in `taken_places`
        return {uuid: (taken, bool(mine), bool(asked)) for uuid, taken, mine, asked in rows}


def sessions_with_people(session_uuids: list[UUID]) -> set[UUID]:
    """Those of the sessions that anybody signed up for or took part in; a voided record may be
    restored, and keeps its session."""
    signed_up = SignUp.objects.filter(session_uuid__in=session_uuids, status__in=OPEN).values_list(
        "session_uuid", flat=True
    )
    took_part = ParticipationRecord.objects.filter(session_uuid__in=session_uuids).values_list(
        "session_uuid", flat=True
    )
    return set(signed_up.union(took_part))


def with_code_state(code: str, session_uuid: UUID) -> Municipality | None:
    """A municipality and what holds of the codes of one of its sessions: `key_number`, and
    `closed_at` where the organiser has confirmed who came. One statement, because a check-in has
    few."""
    of_session = {"municipality": code, "session_uuid": session_uuid}
    keys = SessionKey.objects.filter(**of_session).order_by("-number").values("number")[:1]
    closings = SessionClosing.objects.filter(**of_session).values("closed_at")[:1]
    return (
        Municipality.objects.filter(pk=code)
        .annotate(key_number=Coalesce(Subquery(keys), 1), closed_at=Subquery(closings))
        .first()
    )


def key_number_of(municipality: Municipality, session_uuid: UUID) -> int:
    """The number of the key that a session's codes carry now."""
    keys = SessionKey.objects.filter(municipality=municipality, session_uuid=session_uuid)
    return keys.order_by("-number").values_list("number", flat=True).first() or 1


def key_numbers_of(municipality_code: str, session_uuids: Collection[UUID]) -> dict[UUID, int]:
    """As `key_number_of`, of many sessions at once; those without a withdrawn code are left out."""
    keys = SessionKey.objects.filter(
        municipality_id=municipality_code, session_uuid__in=list(session_uuids)
    )
    return dict(keys.order_by().values_list("session_uuid").annotate(Max("number")))


def daily_seals() -> list[Seal]:
    """The last seal of each day (Japan's) of the latest month that has one, newest first."""
    today = datetime.combine(clock.today(), time(), tzinfo=clock.TOKYO)
    days = [today - timedelta(days=ago) for ago in range(PUBLISHED_DAYS)]
    last = RawSQL(
        "SELECT (SELECT s.number FROM attendance_seal s WHERE s.at >= day"
        " AND s.at < day + interval '24 hours' ORDER BY s.at DESC, s.number DESC LIMIT 1)"
        " FROM unnest(%s::timestamptz[]) day",
        [days],
    )
    return list(Seal.objects.defer("marks").filter(number__in=last).order_by("-number"))


def seal_keys() -> dict[int, bytes]:
    """The public keys that seals are checked with, by id: ours, and those of earlier ones."""
    ours = {kid: public_key(seed) for kid, seed in settings.LEDGER_SEAL_KEYS}
    return {**settings.LEDGER_SEAL_PUBLIC_KEYS, **ours}


def published_seals() -> list[dict[str, Any]]:
    """What anybody needs to check the daily seals: documents, signatures, keys by id."""
    return [
        {
            "number": seal.number,
            "document": seal.words.text,
            "digest": bytes(seal.digest).hex(),
            "key": seal.kid,
            "signature": bytes(seal.signature).hex(),
        }
        for seal in daily_seals()
    ]
