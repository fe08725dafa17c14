"""An activity is designated from an earlier day on: what the ledger has of it counts (A11.5).

The rows stay as they were written, and an amendment of each says so. Nothing is taken back here: a
designation that ends, and a project that is excepted, change nothing of what was recorded (R17).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Resident, User
from activities.models import ActivityPage, Session
from activities.models.designations import Designations
from activities.queries import sessions_to_judge
from attendance.enums import AmendmentKind, EarlierStatus
from attendance.models import Amendment, EarlierRecord, ParticipationRecord
from attendance.operations.ledger.beside import holder_of, lock_records
from attendance.rules.window import OPENS_BEFORE
from attendance.signals import participation_amended
from common import clock
from identity.queries import in_the_name_of
from notifications.operations import enqueue
from organisations.models import Standing
from tenants.context import current_municipality, municipality_context, public_context
from tenants.hosts import portal_url
from tenants.models import Municipality

COUNT_AFTERWARDS = "attendance.count_afterwards"
AT_ONCE = 200
_LONGEST_BASIS = 180  # a reason has 200 letters, and says from when as well
# By then everybody is in the ledger who checked in while a process still held the activity for
# undesignated (`VENUE_SECONDS`).
_WAIT = timedelta(minutes=1)


def count_those_of_page(page: ActivityPage, by: int | None) -> None:
    """Have a worker look at the records of an activity that is designated now; in its schema. `by`
    is the account that decided. Nothing where none of its dates has begun."""
    begun = Q(starts_at__lte=clock.now() + OPENS_BEFORE)
    if sessions_to_judge(page_id=page.pk).filter(begun).exists():
        _count_later(current_municipality().code, by, page_id=page.pk)


def count_those_of_organisation(standing: Standing) -> None:
    """As `count_those_of_page`, of every activity of an organisation that is trusted now."""
    _count_later(
        standing.municipality_id, standing.decided_by_id, organisation_id=standing.organisation_id
    )


def _count_later(municipality_code: str, by: int | None, **which: int) -> None:
    enqueue(COUNT_AFTERWARDS, {"by": by, "which": which}, municipality_code, wait=_WAIT)


def count_some(payload: dict[str, Any]) -> None:
    """What was asked for above, a part at a time; in the schema of the municipality."""
    here = current_municipality()
    by = None if payload["by"] is None else User(pk=payload["by"])
    sessions = sessions_to_judge(**payload["which"]).values_list("uuid", flat=True)
    if count_as_designated(here, list(sessions), by):
        enqueue(COUNT_AFTERWARDS, payload, here.code)


@transaction.atomic
def count_as_designated(
    municipality: Municipality,
    session_uuids: Collection[UUID],
    by: User | None,
    *,
    only: int | None = None,
) -> int:
    """Have records of these sessions count as designated where the activity is now designated on
    the record's day; returns how many, `AT_ONCE` at most. Safe to repeat.

    Voided ones are left out until they are restored (`amend.restore`). `only`: of the record with
    this key alone. The residents are told, one letter each. Of `by` its key is enough.
    """
    with municipality_context(municipality):
        grounds = _Grounds(session_uuids)
        if only is None:
            # Before the ledger is read: whoever is given one of them meanwhile waits for this, or
            # is in the ledger by then.
            _have_waiting_ones_count(municipality, grounds)
        rows = (
            ParticipationRecord.objects.filter(
                municipality=municipality,
                # An earlier participation may be of a day that is no date on the site.
                session_uuid__in=grounds.sessions,
                designated=False,
                **({} if only is None else {"pk": only}),
            )
            .counted()
            .filter(Q(counted_designated=False))
            # A person's together: one letter.
            .order_by("resident_id", "pk")
        )
        candidates = rows.values_list("pk", "session_uuid", "starts_at")
        wanted = [pk for pk, uuid, at in candidates if grounds.basis(uuid, at)][:AT_ONCE]
        lock_records(wanted)
        found = list(rows.filter(pk__in=wanted).prefetch_related("amendments"))
        made = Amendment.objects.bulk_create(
            _beside(row, grounds.reason(row.session_uuid, row.starts_at), by) for row in found
        )
    for _resident, theirs in groupby(made, key=lambda one: one.resident_id):
        _announce(municipality, list(theirs))
    return len(made)


@transaction.atomic
def count_as_listed(record: ParticipationRecord, basis: str, by: User | None) -> None:
    """Have a record count as designated on the word of the list it is in, which said otherwise
    before; nothing where it does already, or is voided. The resident is told."""
    lock_records([record.pk])
    row = (
        ParticipationRecord.objects.counted()
        .filter(Q(counted_designated=False), pk=record.pk)
        .select_related("municipality")
        .prefetch_related("amendments")
        .first()
    )
    if row is not None:
        made = _beside(row, f"{basis[:_LONGEST_BASIS]};from={_day(row.starts_at)}", by)
        made.save()
        _announce(row.municipality, [made])


def _beside(row: ParticipationRecord, reason: str, by: User | None) -> Amendment:
    """Of a row read with its state and amendments; not saved."""
    return Amendment(
        record=row,
        resident_id=row.resident_id,
        municipality_id=row.municipality_id,
        number=1 + len(row.amendments.all()),
        kind=AmendmentKind.DESIGNATE,
        hours=row.counted_hours,
        reason=reason,
        actor=by,
        at=clock.now(),
    )


class _Grounds:
    """On what ground these sessions are designated now; two queries. Read in the municipality's
    schema."""

    def __init__(self, session_uuids: Collection[UUID]) -> None:
        sessions = Session.objects.filter(uuid__in=session_uuids).select_related("page")
        self.sessions = {session.uuid: session for session in sessions}
        pages = {session.page_id: session.page for session in self.sessions.values()}
        self._designations = Designations(pages.values())

    def basis(self, session_uuid: UUID, starts_at: datetime) -> str:
        """Of what took place then at one of the sessions; empty where that day is not covered."""
        return self._designations.basis(self.sessions[session_uuid].page, _day(starts_at))

    def reason(self, session_uuid: UUID, starts_at: datetime) -> str:
        """As `Amendment.reason` has it."""
        since = self._designations.since(self.sessions[session_uuid].page, _day(starts_at))
        return f"{self.basis(session_uuid, starts_at)};from={since}"


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.TOKYO).date()


def _have_waiting_ones_count(municipality: Municipality, grounds: _Grounds) -> None:
    """Earlier participations that wait for their person: they reach the ledger as designated."""
    waiting = EarlierRecord.objects.filter(
        municipality=municipality,
        session_uuid__in=grounds.sessions,
        status__in=[EarlierStatus.WAITING, EarlierStatus.DOUBTFUL],
        designated=False,
    )
    changed = []
    locked = waiting.select_for_update(of=("self",)).order_by("pk")
    for row in locked.only("session_uuid", "starts_at"):
        if basis := grounds.basis(row.session_uuid, row.starts_at):
            row.designated, row.designation_basis = True, basis
            changed.append(row)
    EarlierRecord.objects.bulk_update(changed, ["designated", "designation_basis"])


def _announce(municipality: Municipality, amendments: list[Amendment]) -> None:
    """To the person whose records these are, and to the apps above, as with every amendment."""
    records = [amendment.record for amendment in amendments]
    with public_context(), in_the_name_of(holder_of(records[0].resident_id)) as resident:
        _tell(resident, municipality, records)
        for record, amendment in zip(records, amendments, strict=True):
            record.municipality, record.counted_designated = municipality, True
            participation_amended.send(
                sender=ParticipationRecord, record=record, amendment=amendment, resident=resident
            )


def _tell(
    resident: Resident, municipality: Municipality, records: Iterable[ParticipationRecord]
) -> None:
    if not resident.user.email:
        return
    with translation.override(resident.language):
        EmailMessage(
            subject=gettext("Your participation counts as designated: %(place)s")
            % {"place": municipality.full_name},
            body=render_to_string(
                "attendance/mail/designated.txt",
                {
                    "resident": resident,
                    "place": municipality.full_name,
                    "records": records,
                    "url": portal_url("/my/history/"),
                },
            ),
            to=[resident.user.email],
        ).send()
