"""Signing up for a session, on the municipality's host."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from activities.queries import session_by_uuid
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.queries import sign_up_of, taken_places
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from identity.queries import may_disclose


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def sign_up_view(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Shows the session and asks once; POST takes the place or gives it back."""
    session = session_by_uuid(session_uuid)
    if session is None:
        raise Http404
    resident, municipality = request.resident, request.municipality  # type: ignore[attr-defined]
    sentence = ""
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                withdraw_sign_up(resident, session_uuid)
                messages.success(request, _("You have given back your place."))
            else:
                sign_up(resident, municipality, session_uuid)
                messages.success(request, _("You have a place. We look forward to seeing you."))
            return redirect(request.path)
        except Refused as refusal:
            sentence = sentence_for(refusal)
    snapshot = session.snapshot()
    taken = taken_places(municipality, [session_uuid]).get(session_uuid, 0)
    place = sign_up_of(resident, session_uuid)
    return render(
        request,
        "attendance/sign_up.html",
        {
            "session": snapshot,
            "place": place,
            "places_left": None if snapshot.capacity is None else snapshot.capacity - taken,
            "sentence": sentence,
            "needs_guardian": place is None and not may_disclose(resident),
        },
        status=409 if sentence else 200,
    )
