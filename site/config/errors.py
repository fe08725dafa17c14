"""Pages for what went wrong.

The one for our own faults is made with neither database nor context, and if even that fails
it is a sentence: a fault in the page about faults must not hide the first one.
"""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

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
    return HttpResponse(_without_context("500.html"), status=500)


def _without_context(template: str) -> str:
    try:
        return render_to_string(template)
    except Exception:
        logger.exception("the page %s could not be made", template)
        return _("Something went wrong on our side")
