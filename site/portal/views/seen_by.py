"""What a municipality sees of me."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.permissions import resident_required
from portal.operations import seen_by as gathering
from registration.queries import parameters_on
from tenants.models import Municipality


@resident_required
@require_safe
def seen_by(request: HttpRequest, code: str) -> HttpResponse:
    """Of a municipality the resident is or was registered with; of others there is no page."""
    resident = request.resident  # type: ignore[attr-defined]
    places = Municipality.objects.select_related("local_government__prefecture")
    seen = gathering.seen_by(resident, get_object_or_404(places, pk=code))
    if seen is None:
        raise Http404
    current = seen.current
    return render(
        request,
        "portal/seen_by.html",
        {
            "seen": seen,
            "place": seen.municipality,
            "kind_name": parameters_on().name_of("basic", get_language() or "ja"),
            # Every change of the profile is told at once, to whom one is registered with.
            "changed_at": resident.updated_at
            if current and resident.updated_at > current.registered_at
            else None,
        },
    )
