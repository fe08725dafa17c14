"""My page: what I am, what comes, what I did, what is still missing."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.permissions import resident_required
from attendance.models import ParticipationRecord
from attendance.operations.thanks import thanks_for
from attendance.queries import history_of, upcoming_of
from attendance.queries.voices import voices_of
from identity.queries import coming_of_age_of, has_children
from registration.queries import Person, open_applications_of, progress_of, read_person
from registration.views.next_steps import NextStep, next_step
from registration.views.reasons import Standing as RegistrationNow
from registration.views.reasons import explain

LATEST = 10


@resident_required
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """Registrations with progress, upcoming activities and the latest participations."""
    resident = request.resident  # type: ignore[attr-defined]
    person = read_person(resident)
    standing = person.standing
    return render(
        request,
        "portal/my_page.html",
        {
            "resident": resident,
            "cards": _cards(person),
            "premium": _premium(person),
            "upcoming": list(upcoming_of(resident)),
            "participations": person.records[:LATEST],
            "standing": standing,
            "is_guardian": not standing.is_minor and has_children(resident),
            "coming_of_age": not standing.is_minor and coming_of_age_of(resident),
        },
    )


@dataclass(frozen=True)
class Card:
    """One registration: what I am there, and what I do next."""

    now: RegistrationNow
    step: NextStep


def _premium(person: Person) -> str:
    return person.parameters.name_of("premium", get_language() or "ja")


def _cards(person: Person) -> list[Card]:
    applications = open_applications_of(person.resident)
    return [
        Card(
            explain(progress, person.parameters),
            next_step(progress, applications.get(progress.registration.pk), _premium(person)),
        )
        for progress in progress_of(person.resident, person)
    ]


@resident_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All participations of the resident, in every municipality."""
    resident = request.resident  # type: ignore[attr-defined]
    records = history_of(resident)
    return render(
        request,
        "portal/history.html",
        {
            "participations": records,
            "thanks": _with_text(records),
            "voices": voices_of(resident),
            "whole": True,
        },
    )


def _with_text(records: list[ParticipationRecord]) -> list[tuple[ParticipationRecord, str]]:
    """The records with a note of thanks; who did not take part after all is not thanked."""
    counted = [one for one in records if not one.is_voided]
    texts = thanks_for(counted)
    return [(one, texts[one.session_uuid]) for one in counted if one.session_uuid in texts]
