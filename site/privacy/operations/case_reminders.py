"""Reminding the office a week before a deadline and on the day."""

from __future__ import annotations

from django.db import transaction

from common import clock
from privacy.enums import CaseEventKind
from privacy.models import Case, CaseEvent
from privacy.operations.case_mails import mail_office
from privacy.rules.cases import REMIND_BEFORE, reminder_due
from tenants.models import Municipality

_REMINDERS = (CaseEventKind.REMINDED_BEFORE, CaseEventKind.REMINDED_ON_THE_DAY)


def remind(municipality: Municipality | None) -> int:
    """Send what is due of one office (None: the platform's own); returns how many.

    Safe to repeat: mail and line of history are written together, one for a deadline.
    """
    near = Case.objects.at(municipality).undecided()
    ids = near.filter(deadline__lte=clock.today() + REMIND_BEFORE).values_list("pk", flat=True)
    return sum(_remind(case_id) for case_id in list(ids))


@transaction.atomic
def _remind(case_id: int) -> bool:
    case = Case.objects.select_for_update(of=("self",)).get(pk=case_id)
    sent = CaseEvent.objects.filter(case=case, kind__in=_REMINDERS, about=case.deadline)
    kind = reminder_due(
        case.status, case.deadline, clock.today(), set(sent.values_list("kind", flat=True))
    )
    if not kind:
        return False
    CaseEvent.objects.create(
        case=case, kind=kind, at=clock.now(), internal=True, about=case.deadline
    )
    mail_office(case, CaseEventKind(kind))
    return True
