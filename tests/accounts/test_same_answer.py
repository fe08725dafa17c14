"""Whether an address is known: the same page, the same statements, the same mails."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import OutboxMessage
from tests.factories.accounts import ResidentFactory, UserFactory

pytestmark = pytest.mark.django_db
AGREED = {"agrees_terms": "on", "agrees_privacy": "on"}
PATHS = {
    "sign_up": ("/account/signup/", lambda email: {"email": email, **AGREED}),
    "sign_in": ("/account/login/", lambda email: {"email": email}),
    "new_password": ("/account/password/reset/", lambda email: {"email": email}),
    "password": (
        "/account/login/password/",
        lambda email: {"login": email, "password": "wrong-wrong-wrong"},
    ),
    "recovery_code": (
        "/account/login/recovery/",
        lambda email: {"email": email, "code": "1234-1234-1234-1234"},
    ),
}
UNKNOWN = "unknown-name@example.jp"


def known(kind: str) -> str:
    """An account of each kind there is, with an address as long as the unknown one."""
    email = f"{kind}-name@example.jp".rjust(len(UNKNOWN), "x")[-len(UNKNOWN) :]
    if kind == "resident":
        ResidentFactory(user=UserFactory(email=email), language="en")
    elif kind == "passwordless":
        UserFactory(email=email, password=None)
    else:
        UserFactory(email=email, is_active=kind != "closed")
    return email


def words(response, email: str) -> str:
    text = re.sub(r'(csrf\w+" value|nonce)="[^"]+', "", response.content.decode())
    return text.replace(email, "x")


def what_a_stranger_sees(path: str, data: dict[str, str], email: str):
    """Status, way on, pages and statements of the attempt and of a wrong code after it."""
    client = Client(HTTP_HOST="localhost")
    client.get(path)
    seen = []
    steps = [(path, data)]
    if "code/" not in path and "password/" not in path.removeprefix("/account/password/"):
        steps.append(("/account/login/code/", {"code": "0000-0000"}))
    for where, what in steps:
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(where, what)
        statements = [re.sub(r"'[^']*'|\d+", "?", one["sql"])[:60] for one in captured]
        seen.append((answer.status_code, answer.get("Location"), words(answer, email), statements))
    return seen


@pytest.mark.parametrize("kind", ["resident", "account", "passwordless", "closed"])
@pytest.mark.parametrize("way", list(PATHS))
def test_known_and_unknown_addresses_are_told_alike(way, kind):
    path, data = PATHS[way]
    email = known(kind)
    what_a_stranger_sees(path, data("warm-up-name@example.jp"), "warm-up-name@example.jp")
    mails = OutboxMessage.objects.count()
    of_known = what_a_stranger_sees(path, data(email), email)
    mails_of_known = OutboxMessage.objects.count() - mails
    of_unknown = what_a_stranger_sees(path, data(UNKNOWN), UNKNOWN)
    mails_of_unknown = OutboxMessage.objects.count() - mails - mails_of_known
    assert of_known == of_unknown
    assert mails_of_known == mails_of_unknown


def test_the_mail_is_the_same_too(mailoutbox):
    email = known("resident")
    for address in (email, UNKNOWN):
        Client(HTTP_HOST="localhost").post("/account/login/", {"email": address})
    first, second = (re.sub(r"\d{4}-\d{4}", "", mail.body) for mail in mailoutbox)
    assert first == second


@pytest.mark.parametrize("kind", ["account", "passwordless", "unknown"])
def test_a_password_is_hashed_as_often(monkeypatch, kind):
    """Hashing is what takes the time; counted where Django does it."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    email = UNKNOWN if kind == "unknown" else known(kind)
    hashed = []
    encode = MD5PasswordHasher.encode

    def counting(self, *arguments, **options):
        hashed.append(1)
        return encode(self, *arguments, **options)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    Client(HTTP_HOST="localhost").post(
        "/account/login/password/", {"login": email, "password": "wrong-wrong-wrong"}
    )
    assert len(hashed) == 2  # one for each backend
