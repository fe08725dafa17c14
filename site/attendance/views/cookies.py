"""What a browser keeps about the codes that it read. Signed, of one host, for no script."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from common import clock
from common.tokens import BadToken, sign, verify

# So long somebody who read a changing code may take to sign in or sign up.
_KEEPS = timedelta(minutes=30)
_YEAR = timedelta(days=365)
_SEEN, _BROWSER, _DESK = "seen", "reader", "desk"
_PURPOSE = "code-seen"
_NAMED = 8  # bytes of a token's hash


def _name(name: str) -> str:
    return f"__Host-{name}" if settings.IS_PRODUCTION else name


def _set(answer: HttpResponse, name: str, value: str, keeps: timedelta, same_site: str) -> None:
    answer.set_cookie(
        _name(name),
        value,
        max_age=int(keeps.total_seconds()),
        secure=settings.IS_PRODUCTION,
        httponly=True,
        samesite=same_site,  # type: ignore[arg-type]
    )


def remember_seen(answer: HttpResponse, token: str) -> None:
    """Keep that this browser brought `token` now: a changing code is over before somebody who
    has no account yet has signed up. A cookie, not a part of the address: an address that is
    passed on brings nothing."""
    at = int(clock.now().timestamp())
    _set(answer, _SEEN, sign(_PURPOSE, _of(token) + at.to_bytes(4, "big")), _KEEPS, "Lax")


def seen_at(request: HttpRequest, token: str) -> datetime | None:
    """When this browser brought `token` first, if that is known and not long ago."""
    try:
        payload = verify(_PURPOSE, request.COOKIES.get(_name(_SEEN), ""))
    except BadToken:
        return None
    at = datetime.fromtimestamp(int.from_bytes(payload[_NAMED:], "big"), UTC)
    if payload[:_NAMED] != _of(token) or not timedelta(0) <= clock.now() - at <= _KEEPS:
        return None
    return at


def browser_of(request: HttpRequest) -> UUID | None:
    """What this browser calls itself, by which many people from one are noticed."""
    try:
        return UUID(hex=request.COOKIES.get(_name(_BROWSER), ""))
    except ValueError:
        return None


def name_browser(request: HttpRequest, answer: HttpResponse) -> None:
    if browser_of(request) is None:
        _set(answer, _BROWSER, uuid4().hex, _YEAR, "Lax")


def desk_cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(_name(_DESK), "")


def set_desk_cookie(answer: HttpResponse, value: str, until: datetime) -> None:
    _set(answer, _DESK, value, max(until - clock.now(), timedelta(days=1)), "Strict")


def _of(token: str) -> bytes:
    return hashlib.sha256(token.upper().encode()).digest()[:_NAMED]
