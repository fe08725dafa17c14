"""Pages on a municipality's public host."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from wagtail import views

from pages.queries import home_page


def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    """Wagtail's view, told where its tree begins (see `pages.queries.home_page`)."""
    home = home_page()
    if home is None:
        raise Http404
    components = [component for component in path.split("/") if component]
    request._wagtail_route_for_request = home.route(request, components)  # type: ignore[attr-defined]
    return views.serve(request, path)
