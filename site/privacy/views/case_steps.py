"""The steps of a request: what each asks for, what it calls, when it is offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from common import clock
from privacy.enums import CaseDecision, CaseStatus
from privacy.forms import cases as forms
from privacy.models import Case
from privacy.operations import cases as operations
from privacy.rules.cases import may_extend


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a request. `take` gets its number, who, and the answers."""

    title: Any
    form: type[Any]
    take: Callable[[int, Any, dict[str, Any]], Any]
    is_open: Callable[[Case], bool]
    needs_colleagues: bool = False


def _at(status: CaseStatus) -> Callable[[Case], bool]:
    return lambda case: case.status == status


def _may_be_extended(case: Case) -> bool:
    return may_extend(case.status, case.deadline, case.is_extended, clock.today())


STEPS: dict[str, Step] = {
    "identity": Step(
        _("Record the check of the identity"),
        forms.IdentityForm,
        lambda pk, who, data: operations.check_identity(pk, who, data["text"]),
        _at(CaseStatus.RECEIVED),
    ),
    "decide": Step(
        _("Record the decision"),
        forms.DecisionForm,
        lambda pk, who, data: operations.decide(
            pk, who, CaseDecision(data["decision"]), data["text"]
        ),
        _at(CaseStatus.IDENTITY_CHECKED),
    ),
    "finish": Step(
        _("Record that it has been carried out"),
        forms.FinishForm,
        lambda pk, who, data: operations.finish(pk, who, data["text"]),
        _at(CaseStatus.DECIDED),
    ),
    "extend": Step(
        _("Extend the deadline"),
        forms.ExtensionForm,
        lambda pk, who, data: operations.extend(pk, who, data["days"], data["text"]),
        _may_be_extended,
    ),
    "assign": Step(
        _("Put somebody in charge"),
        forms.AssignForm,
        lambda pk, who, data: operations.assign(pk, who, data["to"]),
        lambda case: case.status != CaseStatus.DONE,
        needs_colleagues=True,
    ),
    "note": Step(
        _("Write a note"),
        forms.NoteForm,
        lambda pk, who, data: operations.write_note(pk, who, data["text"]),
        lambda case: True,
    ),
}
