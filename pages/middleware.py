"""Body size, and moved pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from tenants.enums import HostKind

_TOO_LARGE = 413


class BodySizeMiddleware:
    """Refuses a body of `MAX_BODY_SIZE` bytes or more before a byte of it is read.

    Files do not count towards Django's own limit, so they would fill the disk first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length >= settings.MAX_BODY_SIZE:
            return HttpResponse(
                _("What you sent is too large. Please send a smaller file."),
                status=_TOO_LARGE,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


class MovedPageMiddleware(RedirectMiddleware):
    """Leads from the old address of a moved page to the new one.

    On municipalities' public sites only: the portal's schema has no table of redirects.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(request, "host_kind", None) != HostKind.MUNICIPALITY:
            return response
        return super().process_response(request, response)
