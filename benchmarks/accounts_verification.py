"""`verification_ms`: the callback of a verification, against a real provider on this machine.

From the moment the browser comes back until the proof is kept: our own work, the exchange of
the code and userinfo, two requests to a provider beside us (Node, which takes most of it).
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity.methods import openid
from identity.views.verify import redirect_uri
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.identity.running import Provider, running_provider

PAGE = "/my/identity/"


def verification_ms(times: int = 30) -> dict[str, float]:
    """Medians over `times` verifications of one resident; in a database with a portal.

    verification_ms, of which verification_provider_ms waits for the provider;
    verification_queries: statements of the callback.
    """
    before = {name: getattr(settings, name) for name in _SETTINGS}
    with running_provider(redirect_uri()) as provider:
        for name, value in provider.settings.items():
            setattr(settings, name, value)
        openid.remembered.forget()
        try:
            resident: Any = ResidentFactory(user__email="card@example.jp")
            client = signed_in_client(resident.user)
            _once(client, provider)  # keys and discovery are remembered from here on
            measured = [_once(client, provider) for _each in range(times)]
        finally:
            for name, value in before.items():
                setattr(settings, name, value)
            openid.remembered.forget()
    return {
        "verification_ms": round(statistics.median(m["ms"] for m in measured), 1),
        "verification_provider_ms": round(statistics.median(m["provider"] for m in measured), 1),
        "verification_queries": statistics.median(m["queries"] for m in measured),
    }


_SETTINGS = ("IDENTITY_ISSUER", "IDENTITY_CLIENT_ID", "IDENTITY_SIGNING_KEY")


def _once(client: Client, provider: Provider) -> dict[str, float]:
    begun = client.post(PAGE)
    url = provider.hold_card(begun["Location"])
    path = url[url.index(PAGE) :]
    waited = 0.0
    asked = openid.claims_for

    def timed(*arguments: Any) -> Any:
        nonlocal waited
        started = time.perf_counter()
        try:
            return asked(*arguments)
        finally:
            waited += time.perf_counter() - started

    openid.claims_for = timed  # type: ignore[assignment]
    try:
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            answer = client.get(path)
            took = time.perf_counter() - started
    finally:
        openid.claims_for = asked
    if answer.status_code != 302:
        raise RuntimeError(f"the callback answered {answer.status_code}")
    return {"ms": took * 1000, "provider": waited * 1000, "queries": len(queries)}
