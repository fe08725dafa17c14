"""Who signed up for a session and who came: for the municipality's staff."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from activities.queries import session_for_staff
from attendance.queries import records_for, sign_ups_for


@never_cache
@require_safe
def participants(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The list to take to the venue. Whoever may not edit the activity gets a 404."""
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    municipality = request.municipality  # type: ignore[attr-defined]
    came = {record.resident_id: record for record in records_for(municipality, session_uuid)}
    sign_ups = list(sign_ups_for(municipality, session_uuid))
    rows = [(sign_up, came.get(sign_up.resident_id)) for sign_up in sign_ups]
    without_sign_up = len(came) - sum(1 for _, record in rows if record)
    return render(
        request,
        "attendance/admin/participants.html",
        {
            "session": session.snapshot(),
            "rows": rows,
            "came": len(came),
            "without_sign_up": without_sign_up,
        },
    )
