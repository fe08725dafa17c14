"""A mail server, and handlers for one test."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller

from notifications import registry
from notifications.models import OutboxMessage


class Mailbox:
    """Keeps what the mail server took, in order; refuses while `is_down`."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []
        self.is_down = False

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.is_down:
            return "451 try again later"
        self.messages.append(
            email.message_from_bytes(envelope.content, policy=email.policy.default)
        )
        return "250 taken"


@pytest.fixture
def empty_outbox(db: None) -> None:
    """Without the invitations that wait in the prepared database."""
    OutboxMessage.objects.all().delete()


@pytest.fixture
def empty_database(own_database: str) -> str:
    """A database of the test's own, its outbox empty."""
    OutboxMessage.objects.all().delete()
    return own_database


@pytest.fixture
def mail_server(settings) -> Iterator[Mailbox]:
    """A real SMTP server; mails go to it through the outbox, as outside of tests."""
    mailbox = Mailbox()
    with socket.socket() as probe:  # the server asks itself whether it answers: no port 0
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "notifications.mail_backend.OutboxEmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield mailbox
    controller.stop()


@pytest.fixture
def handle() -> Iterator[Callable[[str, Callable], None]]:
    """Register a handler for one test: `handle("kind", function)`."""
    kinds: list[str] = []

    def register(kind: str, function: Callable) -> None:
        registry.handler(kind)(function)
        kinds.append(kind)

    yield register
    for kind in kinds:
        registry._handlers.pop(kind)
