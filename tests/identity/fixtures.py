"""The provider for tests, and a resident's way through it and back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from identity.methods import openid
from identity.models import Attempt, Verification, WaitingProof
from identity.views.verify import redirect_uri
from tests.identity.running import Provider, running_provider

PAGE = "/my/identity/"


@pytest.fixture(scope="session")
def provider_process() -> Iterator[Provider]:
    with running_provider(redirect_uri()) as running:
        yield running


@pytest.fixture
def provider(provider_process: Provider, settings: Any) -> Iterator[Provider]:
    """A provider that behaves, and the platform set up for it."""
    for name, value in provider_process.settings.items():
        setattr(settings, name, value)
    provider_process.misbehave("")
    openid.remembered.forget()
    yield provider_process
    openid.remembered.forget()


def begin(client: Client, next_path: str = "") -> str:
    """The address at the provider that the resident is sent to."""
    answer = client.post(PAGE, query_params={"next": next_path} if next_path else {})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def come_back(client: Client, url: str) -> Any:
    """Opens the address that the provider sent the browser to."""
    path = url.removeprefix("http://localhost:8000")
    return client.get(path)


def go_through(
    client: Client, provider: Provider, person: str = "hanako", next_path: str = ""
) -> Any:
    """The whole way, the card of `person` in hand; what the callback answers."""
    return come_back(client, provider.hold_card(begin(client, next_path), person))


def nothing_is_kept() -> bool:
    """No proof, none that waits, and the attempt is spent."""
    return not (
        Verification.objects.exists() or WaitingProof.objects.exists() or Attempt.objects.exists()
    )
