"""What happens when somebody signs in or out, or their address changes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.enums import SecurityEventKind, SignInWay
from accounts.models import User
from accounts.operations import sign_ins
from accounts.operations.handoff import CHAIN_KEY, end_municipality_sessions
from accounts.operations.open_sessions import end_others
from accounts.operations.profile import follow_email
from accounts.operations.security_events import record
from tenants.enums import HostKind


def begin_session(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """On the portal: the session keeps with what it began, and so do we."""
    if not _is_on_portal(request):
        return
    way = getattr(request, "sign_in_way", SignInWay.PASSWORD)
    sign_ins.begin(request.session, way.value)  # type: ignore[union-attr]
    record(SecurityEventKind.SIGNED_IN, user, way=way.value)


def end_sessions_elsewhere(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Signing out on the portal signs out on every municipality's host, at once."""
    if not _is_on_portal(request):
        return
    chain = request.session.get(CHAIN_KEY)  # type: ignore[union-attr]
    if chain:
        end_municipality_sessions(chain)


def end_sessions_of_the_old_address(
    sender: Any, request: HttpRequest, user: User, **kwargs: Any
) -> None:
    """Whoever read the mails of the old address may have signed in with them."""
    end_others(user, request.session.session_key or "")
    record(SecurityEventKind.ADDRESS_CHANGED, user)


def _is_on_portal(request: HttpRequest | None) -> bool:
    return request is not None and getattr(request, "host_kind", None) == HostKind.PORTAL


def tell_of_new_email(sender: Any, user: User, **kwargs: Any) -> None:
    """What municipalities know of somebody follows the address that was just confirmed."""
    follow_email(user)
