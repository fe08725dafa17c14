"""What becomes of a request: entered, looked at, decided, done. Each step is a line of history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import Resident
from common import clock
from common.refusal import Refused
from privacy.enums import CaseChannel, CaseDecision, CaseEventKind, CaseKind, CaseStatus
from privacy.models import Case, CaseEvent, CaseTerm
from privacy.operations.access import NOBODY, Signature, signature_of
from privacy.operations.case_mails import tell_applicant, tell_office
from privacy.rules.cases import EXTENSION_AT_MOST, STEPS, deadline_of, may_extend
from tenants.models import Municipality


@dataclass(frozen=True)
class Asked:
    """What a request says."""

    key: UUID
    kind: CaseKind
    subject: str
    wanted: str


@dataclass(frozen=True)
class Applicant:
    """Who asked on paper, and where the answer goes."""

    name: str
    contact: str
    email: str


@transaction.atomic
def ask(resident: Resident, municipality: Municipality | None, asked: Asked) -> Case:
    """A resident asks on the portal, a municipality or (None) the platform itself.

    Safe to repeat: the same key is the same request, and one mail.
    """
    known = Case.objects.filter(key=asked.key, resident=resident).first()
    if known is not None:
        return known
    case = _enter(
        municipality,
        asked,
        clock.today(),
        channel=CaseChannel.PORTAL,
        resident=resident,
        applicant_name=resident.name,
        contact_email=resident.user.email or "",
        contact=resident.address,
        language=resident.language,
    )
    _note(case, CaseEventKind.RECEIVED, Signature(resident.user_id, "", ""))
    tell_applicant(case, CaseEventKind.RECEIVED)
    tell_office(case)
    return case


@transaction.atomic
def enter_case(
    municipality: Municipality | None,
    account: Any,
    asked: Asked,
    applicant: Applicant,
    channel: CaseChannel,
    received_on: date,
) -> Case:
    """Staff enter a request that came at the counter or by letter. Safe to repeat."""
    known = Case.objects.filter(key=asked.key, municipality=municipality).first()
    if known is not None:
        return known
    case = _enter(
        municipality,
        asked,
        received_on,
        channel=channel,
        applicant_name=applicant.name,
        contact_email=applicant.email,
        contact=applicant.contact,
    )
    _note(case, CaseEventKind.RECEIVED, signature_of(account))
    tell_applicant(case, CaseEventKind.RECEIVED)
    return case


def _enter(
    municipality: Municipality | None, asked: Asked, received_on: date, **fields: Any
) -> Case:
    return Case.objects.create(
        municipality=municipality,
        key=asked.key,
        kind=asked.kind,
        subject=asked.subject,
        wanted=asked.wanted,
        received_on=received_on,
        created_at=clock.now(),
        deadline=deadline_of(received_on, CaseTerm.objects.days_at(municipality)),
        **fields,
    )


@transaction.atomic
def check_identity(case_id: int, account: Any, how: str) -> Case:
    """The person is who they say they are; `how` is kept for staff.

    Safe to repeat, as every step is. Raises `Refused("step_not_open", status=…)`.
    """
    case = _locked(case_id)
    if _moves(case, CaseStatus.IDENTITY_CHECKED):
        case.save(update_fields=["status"])
        signature = signature_of(account)
        _note(case, CaseEventKind.IDENTITY_CHECKED, signature)
        _note(case, CaseEventKind.NOTE, signature, how, internal=True)
        tell_applicant(case, CaseEventKind.IDENTITY_CHECKED)
    return case


@transaction.atomic
def decide(case_id: int, account: Any, decision: CaseDecision, reason: str) -> Case:
    """Granted, in part, or not; the person reads `reason`. Raises `Refused("step_not_open")`."""
    case = _locked(case_id)
    if _moves(case, CaseStatus.DECIDED):
        case.decision, case.decision_reason, case.decided_at = decision, reason, clock.now()
        case.save(update_fields=["status", "decision", "decision_reason", "decided_at"])
        _note(case, CaseEventKind.DECIDED, signature_of(account))
        tell_applicant(case, CaseEventKind.DECIDED)
    return case


@transaction.atomic
def finish(case_id: int, account: Any, outcome: str) -> Case:
    """What was decided has been carried out. Raises `Refused("step_not_open")`."""
    case = _locked(case_id)
    if _moves(case, CaseStatus.DONE):
        case.outcome, case.done_at = outcome, clock.now()
        case.save(update_fields=["status", "outcome", "done_at"])
        _note(case, CaseEventKind.DONE, signature_of(account))
        tell_applicant(case, CaseEventKind.DONE)
    return case


def _moves(case: Case, status: CaseStatus) -> bool:
    """Put the case into `status`; False where it is there already."""
    before, after = STEPS[status.value]
    if case.status == after:
        return False
    if case.status != before:
        raise Refused("step_not_open", status=case.status)
    case.status = status
    return True


@transaction.atomic
def extend(case_id: int, account: Any, days: int, reason: str) -> Case:
    """Give the decision up to 30 days more, once; the person is told why.

    Raises `Refused("cannot_extend")`.
    """
    case = _locked(case_id)
    if not 1 <= days <= EXTENSION_AT_MOST or not may_extend(
        case.status, case.deadline, case.is_extended, clock.today()
    ):
        raise Refused("cannot_extend")
    case.extended_from = case.deadline
    case.deadline += timedelta(days=days)
    case.extension_reason = reason
    case.save(update_fields=["extended_from", "deadline", "extension_reason"])
    _note(case, CaseEventKind.EXTENDED, signature_of(account))
    tell_applicant(case, CaseEventKind.EXTENDED)
    return case


@transaction.atomic
def assign(case_id: int, account: Any, to: Any) -> Case:
    """Put a colleague in charge. Nothing is written where that is so already."""
    case = _locked(case_id)
    if case.assigned_to_id != to.pk:
        case.assigned_to = to
        case.save(update_fields=["assigned_to"])
        _note(
            case, CaseEventKind.ASSIGNED, signature_of(account), to.get_full_name(), internal=True
        )
    return case


@transaction.atomic
def write_note(case_id: int, account: Any, text: str) -> None:
    """Keep something for colleagues; the person does not read it."""
    _note(_locked(case_id), CaseEventKind.NOTE, signature_of(account), text, internal=True)


@transaction.atomic
def set_term(municipality: Municipality, days: int) -> None:
    """How many days decisions take from now on; requests that run keep their deadline."""
    CaseTerm.objects.update_or_create(
        municipality=municipality, defaults={"days": days, "set_at": clock.now()}
    )


def _locked(case_id: int) -> Case:
    return Case.objects.select_for_update(of=("self",)).get(pk=case_id)


def _note(
    case: Case,
    kind: CaseEventKind,
    signature: Signature = NOBODY,
    note: str = "",
    *,
    internal: bool = False,
    about: date | None = None,
) -> None:
    CaseEvent.objects.create(
        case=case,
        kind=kind,
        at=clock.now(),
        note=note,
        internal=internal,
        about=about,
        **signature.as_fields(),
    )
