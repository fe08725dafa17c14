"""My page: what I am, what comes, what I did, what is still missing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import resident_required
from attendance.queries import participations_of, upcoming_of
from identity.queries import coming_of_age_of, has_children, standing_of
from registration.queries import parameters_on, progress_of
from registration.views.reasons import explain

LATEST = 10


@resident_required
@require_safe
def my_page(request: HttpRequest) -> HttpResponse:
    """Registrations with progress, upcoming activities and the latest participations."""
    resident = request.resident  # type: ignore[attr-defined]
    parameters, standing = parameters_on(), standing_of(resident)
    return render(
        request,
        "portal/my_page.html",
        {
            "resident": resident,
            "standings": [
                explain(progress, parameters) for progress in progress_of(resident, standing)
            ],
            "upcoming": list(upcoming_of(resident)),
            "participations": list(participations_of(resident)[:LATEST]),
            "standing": standing,
            "is_guardian": not standing.is_minor and has_children(resident),
            "coming_of_age": not standing.is_minor and coming_of_age_of(resident),
        },
    )


@resident_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All participations of the resident, in every municipality."""
    resident = request.resident  # type: ignore[attr-defined]
    return render(
        request, "portal/history.html", {"participations": list(participations_of(resident))}
    )
