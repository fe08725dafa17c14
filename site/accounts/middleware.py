"""Sessions that hold on one host only, and the resident behind a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Resident

_HOST_KEY = "_host"


class HostBoundSessionMiddleware(SessionMiddleware):
    """A session begun on one host is nothing on another.

    All sessions stand in one table, so without this a cookie copied by hand from a
    municipality's host to another, or to an admin host, would be taken there.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        host = _host_of(request)
        if not request.session.is_empty() and request.session.get(_HOST_KEY) != host:
            request.session = self.SessionStore()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        if session is not None and session.modified and not session.is_empty():
            session[_HOST_KEY] = _host_of(request)
        return super().process_response(request, response)


def _host_of(request: HttpRequest) -> str:
    municipality = request.municipality  # type: ignore[attr-defined]
    code = municipality.code if municipality else ""
    return f"{request.host_kind}:{code}"  # type: ignore[attr-defined]


class ResidentMiddleware:
    """Sets `request.resident`: the signed-in resident, or None; read when first used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.resident = LazyResident(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def LazyResident(request: HttpRequest) -> Any:  # noqa: N802 - reads as the object it makes
    """The resident of `request`, looked up when it is first asked for."""

    def load() -> Resident | None:
        if not request.user.is_authenticated:
            return None
        return (
            Resident.objects.select_related("residence__prefecture", "user")
            .filter(user=request.user)
            .first()
        )

    return SimpleLazyObject(load)
