"""Pages for what went wrong.

The ones for our own faults and for a database that is out of order are made with neither database
nor context, and if even that fails it is a sentence: a fault in the page about faults must not
hide the first one.
"""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from config.outages import outage

RETRY_SECONDS = "30"
logger = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Damaged or oversized input; made without a context, which would read the input again."""
    return HttpResponse(_without_context("400.html"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For views that slow down guessing; also what allauth calls (`handler429`)."""
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view and no middleware has caught. Django calls this while it handles the error."""
    if what := outage(sys.exception()):
        return _out_of_order(request, what)
    return HttpResponse(_without_context("500.html"), status=500)


def _out_of_order(request: HttpRequest, what: str) -> HttpResponse:
    """503: it was not our reader's fault, and sending it again later is safe and of use.

    Logged here, once, and not by Django, whose record has the address (codes and links are
    secrets) and the error with all that the server said.
    """
    match = request.resolver_match
    logger.error("out of order at %s: %s", match.view_name if match else "no view", what)
    if _is_asked_by_script(request):
        answer: HttpResponse = JsonResponse({"error": "out_of_order"}, status=503)
    else:
        # It may have been before the language was known, on a thread that last spoke another.
        language = translation.get_language_from_path(request.path_info)
        with translation.override(language or settings.LANGUAGE_CODE):
            answer = HttpResponse(_without_context("503.html"), status=503)
    answer["Retry-After"] = RETRY_SECONDS
    answer._has_been_logged = True  # type: ignore[attr-defined]  # read by django.utils.log
    return answer


def _is_asked_by_script(request: HttpRequest) -> bool:
    """Browsers that show pages say that they take HTML."""
    takes = request.headers.get("Accept", "text/html")
    return request.content_type == "application/json" or "text/html" not in takes


def _without_context(template: str) -> str:
    try:
        return render_to_string(template)
    except Exception:
        logger.exception("the page %s could not be made", template)
        return _("Something went wrong on our side")
