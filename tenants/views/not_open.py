"""What visitors see of a municipality that is not published."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from tenants.enums import MunicipalityStatus

_GONE = 410


@csrf_exempt  # it reads nothing: whoever sends a form from an old page learns why it is lost
@never_cache
def not_open(request: HttpRequest) -> HttpResponse:
    """In preparation and suspended answer 200, closed answers 410.

    Not 404: the address is right, and posters with it may be printed already. Not 503: it
    promises a return within hours, and after a few days search engines treat it as a fault;
    preparing takes weeks. What keeps the page out of their lists is `noindex`. A closed
    municipality is gone for good, which 410 says.
    """
    status = request.municipality.status  # type: ignore[attr-defined]
    response = render(
        request,
        "tenants/not_open.html",
        {"status": status},
        status=_GONE if status == MunicipalityStatus.CLOSED else 200,
    )
    response["X-Robots-Tag"] = "noindex"
    return response
