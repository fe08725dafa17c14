"""The page behind the poster's QR code, on the portal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from attendance.operations.check_in import check_in, read_code
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from tenants.models import Municipality


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def check_in_view(request: HttpRequest, token: str) -> HttpResponse:
    """One tap: GET shows the activity and the button, POST records.

    Nothing is written on GET: browsers and mail programs open addresses on their own.
    """
    try:
        if request.method == "POST":
            outcome = check_in(request.resident, token)  # type: ignore[attr-defined]
            place = outcome.record.municipality
            return _show(request, "attendance/checked_in.html", place, outcome=outcome)
        place, session = read_code(token)
    except Refused as refusal:
        return render(
            request,
            "attendance/check_in_refused.html",
            {"sentence": sentence_for(refusal), "code": refusal.code},
            status=409,
        )
    return _show(request, "attendance/check_in.html", place, session=session, token=token)


def _show(request: HttpRequest, page: str, place: Municipality, **context: Any) -> HttpResponse:
    """A page about one municipality's activity.

    Whether it is made up, the municipality says: the portal's usual answer, which is about all
    of them, would be one more query and one more change of schema.
    """
    return render(
        request, page, context | {"place": place, "is_demonstration": place.is_demonstration}
    )
