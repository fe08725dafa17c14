"""Attempts to sign in: counted, kept where they were refused."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from accounts.enums import SecurityEventKind, SignInWay
from accounts.models import User
from accounts.operations.attempts import Attempt, TooManyAttempts, spend
from accounts.operations.security_events import record
from accounts.rules.limits import network_of
from tenants.rules.networks import client_address


def network(request: HttpRequest) -> str:
    """Where a request comes from, as attempts are counted by it."""
    return network_of(
        client_address(
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXIES,
        )
    )


def count_sign_in(request: HttpRequest, email: str) -> Attempt:
    """Count an attempt, whatever way it is tried. Raises `TooManyAttempts`, `CannotCount`."""
    here = network(request)
    try:
        return spend("sign_in", address=email, network=here)
    except TooManyAttempts as refusal:
        if refusal.is_first:  # once, not with every further try: nobody fills a table with it
            account = User.objects.with_email(email)
            record(SecurityEventKind.SIGN_IN_BLOCKED, account, network=here)
        raise


def refused_sign_in(request: HttpRequest, email: str, way: SignInWay) -> None:
    """Keep that a sign-in was refused; the same work whether there is such an account or not."""
    account = User.objects.with_email(email) if email else None
    record(SecurityEventKind.SIGN_IN_REFUSED, account, way=way.value, network=network(request))
