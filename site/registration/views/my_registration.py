"""One page for each municipality: what I am there, what is missing, what comes, what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.models import Resident
from accounts.permissions import resident_required
from registration.enums import RelationStage
from registration.models import (
    PremiumApplication,
    PremiumDecision,
    Registration,
    RegistrationEvent,
)
from registration.queries import Progress, parameters_on, progress_at
from registration.queries.relation import relation_at
from registration.registry import next_activities
from registration.rules.parameters import Parameters
from registration.views.histories import what_happened, why_it_ended
from registration.views.next_steps import lacking, next_step
from registration.views.reasons import Sentence, explain, sentences

SHOWN = 50


def own_registration(request: HttpRequest, code: str) -> Registration:
    """The one that holds, else the newest that ended; `Http404` where there never was one."""
    found = (
        Registration.objects.filter(
            resident=request.resident,  # type: ignore[attr-defined]
            municipality_id=code,
        )
        .select_related("municipality__local_government__prefecture")
        # "active" comes before "ended".
        .order_by("status", "-registered_at")
        .first()
    )
    if found is None:
        raise Http404
    return found


def application_at(registration: Registration) -> PremiumApplication | None:
    """The open application, which is the newest, or else the last one decided."""
    return (
        PremiumApplication.objects.filter(registration=registration)
        .select_related("decision")
        .order_by("-submitted_at", "-pk")
        .first()
    )


@resident_required
@require_safe
def my_registration(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about one registration; of one that ended what happened."""
    registration = own_registration(request, code)
    resident = request.resident  # type: ignore[attr-defined]
    parameters = parameters_on()
    context: dict[str, Any] = {
        "registration": registration,
        "place": registration.municipality,
        "premium": parameters.name_of("premium", get_language() or "ja"),
    }
    if registration.is_active:
        context |= _now(registration, resident, parameters, context["premium"])
    context |= _history(registration, resident, context["premium"])
    return render(request, "registration/mine/registration.html", context)


def _now(
    registration: Registration, resident: Resident, parameters: Parameters, premium: str
) -> dict[str, Any]:
    progress = progress_at(registration, resident)
    records = [one.record for one in progress.records]
    relation = relation_at(registration, resident, records)
    application = application_at(registration)
    is_open = application is not None and application.is_open
    conditions = progress.conditions
    return {
        "now": explain(progress, parameters),
        "standing": progress.standing,
        "relation": relation,
        "stage": RelationStage(relation.stage.value),
        "step": next_step(progress, application if is_open else None, premium),
        "also_direct": _also_direct(progress) and not is_open,
        "application": application,
        "conditions": conditions,
        "activities": next_activities(
            registration.municipality, counts_cities=conditions.counts_cities
        ),
    }


def _also_direct(progress: Progress) -> bool:
    """A prefecture's own premium can be applied for beside the one that follows a city."""
    standing = progress.standing
    return bool(standing and standing.derived_from_id) and not lacking(progress)


@dataclass(frozen=True)
class Decided:
    """A decision as it was made then, in words."""

    decision: PremiumDecision
    sentences: list[Sentence]
    counted: list[str]


def _history(registration: Registration, resident: Resident, premium: str) -> dict[str, Any]:
    here = registration.municipality_id
    decisions = PremiumDecision.objects.filter(resident=resident, municipality=here)
    events = RegistrationEvent.objects.filter(
        registration__resident=resident, registration__municipality=here
    )
    return {
        "decisions": [
            Decided(row, sentences(row.decision, premium), _days(row))
            for row in decisions.order_by("-at", "-pk")[:SHOWN]
        ],
        "moves": [
            (row.at, what_happened(row, premium), why_it_ended(row))
            for row in events.order_by("-at", "-pk")[:SHOWN]
        ],
    }


def _days(row: PremiumDecision) -> list[str]:
    """The days of the participations that counted then, as the facts kept them."""
    counted = {
        session
        for one in row.decision.conditions
        if one.code == "enough_participations"
        for session in one.evidence
    }
    return sorted(
        str(one["day"]) for one in row.facts["participations"] if one["session"] in counted
    )
