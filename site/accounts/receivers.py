"""What happens when somebody signs out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from accounts.operations.handoff import CHAIN_KEY, end_municipality_sessions
from tenants.enums import HostKind


def end_sessions_elsewhere(sender: Any, request: HttpRequest | None, **kwargs: Any) -> None:
    """Signing out on the portal signs out on every municipality's host, at once."""
    if request is None or getattr(request, "host_kind", None) != HostKind.PORTAL:
        return
    chain = request.session.get(CHAIN_KEY)
    if chain:
        end_municipality_sessions(chain)
