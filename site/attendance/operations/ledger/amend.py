"""Voiding a participation, restoring it, correcting its hours: a new row each time."""

from __future__ import annotations

from decimal import Decimal

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.models import Resident, User
from attendance.enums import AmendmentKind
from attendance.models import Amendment, ParticipationRecord
from attendance.models.ledger import VOIDED
from attendance.operations.ledger.afterwards import count_as_designated
from attendance.operations.ledger.beside import holder_of, lock_records
from attendance.operations.voices import hide_voice_of
from attendance.signals import participation_amended
from common import clock
from common.refusal import Refused
from identity.queries import in_the_name_of
from tenants.context import public_context
from tenants.hosts import portal_url

MOST_HOURS = Decimal(24)
_SUBJECTS = {
    AmendmentKind.VOID: gettext_noop("Your participation no longer counts: %(title)s"),
    AmendmentKind.RESTORE: gettext_noop("Your participation counts again: %(title)s"),
    AmendmentKind.CORRECT: gettext_noop(
        "The hours of your participation were corrected: %(title)s"
    ),
}  # fmt: skip


@transaction.atomic
def void(record: ParticipationRecord, by: User | None, reason: str) -> Amendment:
    """Have `record` no longer count; one that does not is left as it is. The resident is told.

    `reason` holds nothing of a person: the row stays for good. Raises `Refused("no_reason")`.
    """
    newest = _locked(record)
    if newest is not None and newest.hours is None:
        return newest
    voided = _amend(record, newest, AmendmentKind.VOID, None, by, reason)
    hide_voice_of(record, holder_of(record.resident_id), by)
    return voided


@transaction.atomic
def restore(record: ParticipationRecord, by: User | None, reason: str) -> Amendment | None:
    """Have a voided `record` count again, with the hours it counted with before; None where it
    counts and was never amended. Whether its activity was designated meanwhile is looked up, as
    voided records are left out of that. Raises as `void`."""
    newest = _locked(record)
    if newest is None or newest.hours is not None:
        return newest
    before = record.amendments.exclude(hours=None).order_by("-number").first()
    hours = record.hours if before is None else before.hours
    restored = _amend(record, newest, AmendmentKind.RESTORE, hours, by, reason)
    count_as_designated(record.municipality, [record.session_uuid], by, only=record.pk)
    return restored


@transaction.atomic
def correct(
    record: ParticipationRecord, hours: Decimal, by: User | None, reason: str
) -> Amendment | None:
    """Have `record` count with `hours`; None where it does already and was never amended.

    Raises as `void`, `Refused("hours_out_of_range", most=…)` and `Refused("voided")`.
    """
    _require(hours, MOST_HOURS)
    newest = _locked(record)
    if newest is not None and newest.hours is None:
        raise Refused("voided")
    if hours == (record.hours if newest is None else newest.hours):
        return newest
    return _amend(record, newest, AmendmentKind.CORRECT, hours, by, reason)


def most_hours(session_hours: Decimal, *, by_organisation: bool = False) -> Decimal:
    """The most hours that can be entered for one person of a session: a day's, or its own where it
    is longer; where the organisation that runs it enters them, its own."""
    return session_hours if by_organisation else max(MOST_HOURS, session_hours)


def require_hours(hours: Decimal, session_hours: Decimal, *, by_organisation: bool = False) -> None:
    """Raises `Refused("hours_out_of_range", most=…)` below 0 or above `most_hours`."""
    _require(hours, most_hours(session_hours, by_organisation=by_organisation))


def _require(hours: Decimal, most: Decimal) -> None:
    if not 0 <= hours <= most:
        raise Refused("hours_out_of_range", most=f"{most.normalize():f}")


def _locked(record: ParticipationRecord) -> Amendment | None:
    """The record's newest amendment; nobody else amends it until the transaction ends."""
    lock_records([record.pk])
    return record.amendments.order_by("-number").first()


def _amend(
    record: ParticipationRecord,
    newest: Amendment | None,
    kind: AmendmentKind,
    hours: Decimal | None,
    by: User | None,
    reason: str,
) -> Amendment:
    if not reason.strip():
        raise Refused("no_reason")
    amendment = Amendment.objects.create(
        record=record,
        resident_id=record.resident_id,
        municipality_id=record.municipality_id,
        number=1 if newest is None else newest.number + 1,
        kind=kind,
        hours=hours,
        reason=reason.strip(),
        actor=by,
        at=clock.now(),
    )
    record.counted_hours = VOIDED if hours is None else hours
    with public_context(), in_the_name_of(holder_of(record.resident_id)) as resident:
        _tell(resident, record, amendment)
        participation_amended.send(
            sender=ParticipationRecord, record=record, amendment=amendment, resident=resident
        )
    return amendment


def _tell(resident: Resident, record: ParticipationRecord, amendment: Amendment) -> None:
    if not resident.user.email:
        return
    with translation.override(resident.language):
        EmailMessage(
            subject=translation.gettext(_SUBJECTS[AmendmentKind(amendment.kind)])
            % {"title": record.activity_title},
            body=render_to_string(
                "attendance/mail/amended.txt",
                {
                    "resident": resident,
                    "record": record,
                    "amendment": amendment,
                    "url": portal_url("/my/history/"),
                },
            ),
            to=[resident.user.email],
        ).send()
