"""The resident's pass on the portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.permissions import resident_required
from attendance.codes.passes import make_pass
from common import clock
from common.qr import qr_svg


@resident_required
@require_safe
def my_pass(request: HttpRequest) -> HttpResponse:
    """The pass as a picture: works without a script, and when printed."""
    resident = request.resident  # type: ignore[attr-defined]
    text, until = make_pass(resident.pk, clock.now())
    code = qr_svg(text, "M", label=_("Your pass as a two-dimensional code"))
    return render(request, "attendance/pass.html", {"qr": code, "until": until})


@resident_required
@require_safe
def my_pass_data(request: HttpRequest) -> HttpResponse:
    """The same for a script that keeps it for places without a network."""
    resident = request.resident  # type: ignore[attr-defined]
    text, until = make_pass(resident.pk, clock.now())
    code = qr_svg(text, "M", label=_("Your pass as a two-dimensional code"))
    return JsonResponse(
        {
            "pass": text,
            "name": resident.name,
            "valid_until": int(until.timestamp() * 1000),
            "svg": str(code),
        }
    )
