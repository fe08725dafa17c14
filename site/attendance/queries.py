"""What can be asked of sign-ups and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
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
    Subquery,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import Resident
from attendance.enums import TO_ANSWER, ReportStatus, SignUpStatus
from attendance.models import (
    ParticipationRecord,
    ParticipationReport,
    SessionClosing,
    SessionKey,
    SignUp,
)
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
    """Sessions a resident has a place in and that are not over, soonest first."""
    return (
        SignUp.objects.filter(
            resident=resident, status=SignUpStatus.SIGNED_UP, ends_at__gte=clock.now()
        )
        .select_related(_GOVERNMENT)
        .order_by("starts_at")
    )


def sign_up_of(resident: Resident, session_uuid: UUID) -> SignUp | None:
    """The resident's place in one session, if there is one."""
    return SignUp.objects.filter(
        resident=resident, session_uuid=session_uuid, status=SignUpStatus.SIGNED_UP
    ).first()


def taken_places(municipality: Municipality, session_uuids: Iterable[UUID]) -> dict[UUID, int]:
    """How many places are taken in each session; sessions without a sign-up are left out."""
    # A number over everybody's places, which nobody but staff may read one by one.
    with weighing(municipality.code):
        return dict(
            SignUp.objects.filter(
                municipality=municipality,
                session_uuid__in=list(session_uuids),
                status=SignUpStatus.SIGNED_UP,
            )
            .values_list("session_uuid")
            .annotate(Count("pk"))
            .order_by()
        )


def numbers_of_sessions(
    municipality: Municipality, session_uuids: Collection[UUID]
) -> dict[UUID, tuple[int, int]]:
    """For each session with people: who has a place, and who took part. Two queries."""
    of_these = {"municipality": municipality, "session_uuid__in": session_uuids}
    places = SignUp.objects.filter(status=SignUpStatus.SIGNED_UP, **of_these)
    counts = [
        dict(rows.order_by().values_list("session_uuid").annotate(Count("pk")))
        for rows in (places, ParticipationRecord.objects.filter(**of_these))
    ]
    taken, came = counts
    return {uuid: (taken.get(uuid, 0), came.get(uuid, 0)) for uuid in taken.keys() | came.keys()}


def sign_ups_to_answer(municipality: Municipality, most: int) -> list[tuple[UUID, str, int]]:
    """Session, activity and number of sign-ups that somebody has to decide on, soonest first."""
    rows = SignUp.objects.filter(
        municipality=municipality, status__in=TO_ANSWER, ends_at__gte=clock.now()
    )
    return _by_session(rows, "starts_at", most)


def reports_to_review(municipality: Municipality, most: int) -> list[tuple[UUID, str, int]]:
    """As `sign_ups_to_answer`, of reports on remote activities; the oldest first (R30)."""
    rows = ParticipationReport.objects.filter(
        municipality=municipality, status=ReportStatus.HANDED_IN
    )
    return _by_session(rows, "handed_in_at", most)


def _by_session(rows: QuerySet[Any], moment: str, most: int) -> list[tuple[UUID, str, int]]:
    found = (
        rows.order_by()
        .values("session_uuid")
        .annotate(title=Max("activity_title"), number=Count("pk"), first=Min(moment))
        .order_by("first", "session_uuid")[:most]
    )
    return [(row["session_uuid"], row["title"], row["number"]) for row in found]


def sign_ups_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[SignUp]:
    """Who has a place in a session of this municipality, in the order of signing up."""
    return SignUp.objects.filter(
        municipality=municipality, session_uuid=session_uuid, status=SignUpStatus.SIGNED_UP
    ).order_by("created_at")


def records_for(municipality: Municipality, session_uuid: UUID) -> QuerySet[ParticipationRecord]:
    """Who took part in a session of this municipality."""
    return ParticipationRecord.objects.filter(
        municipality=municipality, session_uuid=session_uuid
    ).order_by("recorded_at")


def status_of_sessions(
    municipality: Municipality, session_uuids: list[UUID], resident: Resident | None
) -> dict[UUID, tuple[int, bool]]:
    """For each session with a sign-up: places taken, and whether `resident` has one."""
    mine = Q(resident=resident) if resident else Q(pk=None)
    rows = (
        SignUp.objects.filter(
            municipality=municipality,
            session_uuid__in=session_uuids,
            status=SignUpStatus.SIGNED_UP,
        )
        .values_list("session_uuid")
        .annotate(taken=Count("pk"), own=Count("pk", filter=mine))
        .order_by()
    )
    with weighing(municipality.code):  # as in `taken_places`
        return {uuid: (taken, bool(own)) for uuid, taken, own in rows}


def sessions_with_people(session_uuids: list[UUID]) -> set[UUID]:
    """Those of the sessions that anybody signed up for or took part in."""
    signed_up = SignUp.objects.filter(
        session_uuid__in=session_uuids, status=SignUpStatus.SIGNED_UP
    ).values_list("session_uuid", flat=True)
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
