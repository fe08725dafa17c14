"""What a guardian sees of the children they have consented for (R11)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import resident_required
from portal.queries import joined_by_children


@resident_required
@require_safe
def children(request: HttpRequest) -> HttpResponse:
    """Registrations, sign-ups and participations of each child; nothing else, nothing to change."""
    guardian = request.resident  # type: ignore[attr-defined]
    return render(request, "portal/children.html", {"children": joined_by_children(guardian)})
