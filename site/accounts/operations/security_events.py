"""Keeping what happened around signing in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.enums import SecurityEventKind
from accounts.models import SecurityEvent, User
from common import clock
from tenants.actors import at_reception
from tenants.models import Municipality

_SHOWN = 12


def record(
    kind: SecurityEventKind,
    account: User | None = None,
    municipality: Municipality | None = None,
    **detail: Any,
) -> None:
    """Keep one event. `detail` must hold no secret and no address; `network` is hashed here."""
    if network := detail.pop("network", None):
        detail["network"] = salted_hmac("accounts.network", str(network)).hexdigest()[:_SHOWN]
    with at_reception():
        SecurityEvent.objects.create(
            kind=kind, account=account, municipality=municipality, detail=detail
        )


def forget_old_events() -> int:
    """Delete events older than the setting says; returns how many. For the worker."""
    before = clock.now() - timedelta(days=settings.SECURITY_EVENT_DAYS)
    deleted, _by_model = SecurityEvent.objects.filter(at__lt=before).delete()
    return deleted
