"""Who comes and who came, for the organisation that runs a session: no more than it needs."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activities.queries import session_of
from attendance.queries import records_for, sign_ups_for
from organisations.permissions import for_members


@for_members
@require_safe
def workspace_sign_ups(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Name and telephone number of those with a place, to be read on a phone or printed."""
    session = session_of(request.membership.organisation_id, session_uuid)  # type: ignore[attr-defined]
    if session is None:
        raise Http404
    municipality = request.municipality  # type: ignore[attr-defined]
    came = {record.resident_id for record in records_for(municipality, session_uuid)}
    rows = [
        (sign_up, sign_up.resident_id in came)
        for sign_up in sign_ups_for(municipality, session_uuid)
    ]
    return render(
        request,
        "attendance/workspace_sign_ups.html",
        {"session": session, "rows": rows, "came": len(came)},
    )
