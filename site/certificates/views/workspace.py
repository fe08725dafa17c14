"""The poster of a session, for the organisation that runs it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from activities.queries import session_of
from certificates.operations.poster import poster
from organisations.permissions import for_members


@for_members
@require_safe
def workspace_poster(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The poster with the check-in code (R19)."""
    session = session_of(request.membership.organisation_id, session_uuid)  # type: ignore[attr-defined]
    if session is None or not session.has_poster:
        raise Http404
    response = HttpResponse(poster(session), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="poster.pdf"'
    return response
