"""Sessions that hold on one host only, and the resident behind a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from accounts.models import Resident, User
from accounts.operations import sign_ins
from accounts.operations.attempts import CannotCount, TooManyAttempts
from accounts.queries import resident_for, resident_of
from tenants.actors import (
    OPERATOR_VISITOR,
    VISITOR,
    Actor,
    act_from_now_on,
    acting,
    current_actor,
    operator,
    signed_in,
    staff,
)
from tenants.enums import HostKind
from tenants.models import Municipality

HOST_KEY = "_host"
_RESIDENTS_HOSTS = {HostKind.PORTAL, HostKind.MUNICIPALITY}
_OUR_FAULT = 500
_RETRY_SECONDS = "300"
# Addresses where people become known, by the beginnings of their names: all of them are the
# reception's, whoever comes.
_RECEPTION = (
    "account_",
    "accounts:arrive",
    "accounts:claim",
    "accounts:enter",
    "accounts:handoff",
    "accounts:leave",
    "second_factor:",
    "staff:welcome",
    "tenants:participation_",
    "tenants_operator:sign_",
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "wagtailadmin_password_reset",
)


class HostBoundSessionMiddleware(SessionMiddleware):
    """A session begun on one host is nothing on another.

    All sessions stand in one table, so without this a cookie copied by hand from a
    municipality's host to another, or to an admin host, would be taken there.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        host = _host_of(request)
        if not request.session.is_empty() and request.session.get(HOST_KEY) != host:
            request.session = self.SessionStore()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session = getattr(request, "session", None)
        if session is not None and session.modified and not session.is_empty():
            session[HOST_KEY] = _host_of(request)
        kept = _residents_session(request, response)
        is_due = kept is not None and sign_ins.is_due(kept)
        response = super().process_response(request, response)
        if kept is not None and is_due:
            municipality = request.municipality  # type: ignore[attr-defined]
            sign_ins.keep(
                kept,
                kept[SESSION_KEY],
                municipality.code if municipality else None,
                request.META.get("HTTP_USER_AGENT", ""),
            )
        return response


def _residents_session(request: HttpRequest, response: HttpResponse) -> SessionBase | None:
    """The session, if it is one that its owner may see and end on the portal.

    Who brings no session is not asked for one: the page would vary by cookie. After an error of
    ours Django keeps no session either.
    """
    session: SessionBase | None = getattr(request, "session", None)
    if session is None or not session.session_key or response.status_code >= _OUR_FAULT:
        return None
    if request.host_kind not in _RESIDENTS_HOSTS:  # type: ignore[attr-defined]
        return None
    return session if session.accessed and SESSION_KEY in session else None


def _host_of(request: HttpRequest) -> str:
    return host_key(request.host_kind, request.municipality)  # type: ignore[attr-defined]


def host_key(kind: str, municipality: Municipality | None = None) -> str:
    """What a session keeps under `HOST_KEY`: the kind of host, and whose it is."""
    return f"{HostKind(kind).value}:{municipality.code if municipality else ''}"


class ResidentMiddleware:
    """Sets `request.resident`: the signed-in resident, or None; read when first used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.resident = LazyResident(request)  # type: ignore[attr-defined]
        return self.get_response(request)


def LazyResident(request: HttpRequest) -> Any:
    """The resident of `request`, looked up when it is first asked for.

    False when there is none, but not None: see `accounts.queries.resident_for`.
    """

    def load() -> Resident | None:
        user = request.user
        if user.is_authenticated and User.resident.is_cached(user):  # type: ignore[attr-defined]
            return getattr(user, "resident", None)  # `accounts.backends` has read both
        return resident_of(user)

    return SimpleLazyObject(load)


class AttemptsMiddleware:
    """Answers in words where something was tried too often (429), or where that cannot be
    counted and nothing may be tried (503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, TooManyAttempts | CannotCount):
            return None
        status = 429 if isinstance(error, TooManyAttempts) else 503
        answer = render(request, f"{status}.html", status=status)
        answer["Retry-After"] = _RETRY_SECONDS
        return answer


class ActorMiddleware:
    """Tells the database who acts, from here until the view has answered.

    Before and afterwards it is the reception (`tenants.middleware`), which alone reads sessions.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(current_actor()):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        match = request.resolver_match
        if match is None or not match.view_name.startswith(_RECEPTION):
            act_from_now_on(_actor_of(request))


def _actor_of(request: HttpRequest) -> Actor:
    # Who brings no session is a visitor; `request.user` would make the page vary by cookie.
    if not request.session.session_key or not request.user.is_authenticated:
        return VISITOR
    account = request.user.pk
    host, municipality = request.host_kind, request.municipality  # type: ignore[attr-defined]
    # Set by `tenants.middleware.StaffSessionMiddleware` alone: without it nobody is staff.
    passed = getattr(request, "second_factor_passed", False)
    if host == HostKind.OPERATOR:
        return operator(account) if passed else OPERATOR_VISITOR
    if host == HostKind.ADMIN:
        # Who was staff here and is no longer has an account, and nothing else.
        may_enter = passed and request.user.has_perm("wagtailadmin.access_admin")
        return staff(account, municipality.code) if may_enter else signed_in(account)
    resident = resident_for(request)
    return signed_in(account, resident.pk if resident else None)
