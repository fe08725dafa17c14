"""What happens when somebody signs out, or has another e-mail address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.models import User
from accounts.operations.handoff import CHAIN_KEY, end_municipality_sessions
from accounts.operations.profile import follow_email
from tenants.enums import HostKind


def end_sessions_elsewhere(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Signing out on the portal signs out on every municipality's host, at once."""
    if request is None or getattr(request, "host_kind", None) != HostKind.PORTAL:
        return
    chain = request.session.get(CHAIN_KEY)
    if chain:
        end_municipality_sessions(chain)


def tell_of_new_email(sender: Any, user: User, **kwargs: Any) -> None:
    """What municipalities know of somebody follows the address that was just confirmed."""
    follow_email(user)
