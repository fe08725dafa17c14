"""Never kept: tokens, codes, the subject; by a search through everything after a whole flow."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from psycopg import sql

from identity.models import Verification
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.identity.fixtures import begin, come_back

pytestmark = pytest.mark.django_db


def everything_in_the_database() -> str:
    """Every row of every table of every schema, as text."""
    parts = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in cursor.fetchall():
            cursor.execute(
                sql.SQL("SELECT to_jsonb(t)::text FROM {} t").format(sql.Identifier(schema, table))
            )
            parts += [row[0] for row in cursor.fetchall()]
    return "\n".join(parts)


def sessions() -> str:
    """Sessions are encoded in their rows: here they are read."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    return "\n".join(
        json.dumps(store().decode(data), default=str)
        for data in Session.objects.values_list("session_data", flat=True)
    )


@contextmanager
def logged(into: io.StringIO) -> Iterator[None]:
    """Everything that any part of the product says meanwhile, however unimportant."""
    root, handler = logging.getLogger(), logging.StreamHandler(into)
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def test_after_a_whole_flow_no_token_is_anywhere(provider):
    log = io.StringIO()
    client = signed_in_client(ResidentFactory().user)
    provider_seen = []
    # Once as it should be, once refused, which is logged.
    for how in ("", "wrong_nonce"):
        provider.misbehave(how)
        with logged(log):
            begun = begin(client)
        url = provider.hold_card(begun)  # the browser's part is not the product's
        with logged(log):
            come_back(client, url)
        provider_seen += provider.seen()
    assert Verification.objects.count() == 1
    secrets = {}
    for step in provider_seen:
        for name in ("id_token", "access_token", "code_verifier", "code", "nonce", "state"):
            if name in step:
                secrets.setdefault(name, []).append(step[name])
        if "client_assertion" in step:
            secrets.setdefault("client_assertion", []).append(step["client_assertion"])
        if "id_token" in step:
            payload = step["id_token"].split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
            secrets.setdefault("subject", []).append(claims["sub"])
    assert set(secrets) == {
        "id_token", "access_token", "code_verifier", "code", "nonce", "state",
        "client_assertion", "subject",
    }  # fmt: skip
    places = {
        "database": everything_in_the_database(),
        "sessions": sessions(),
        "log": log.getvalue(),
        "cache": repr(getattr(cache, "_cache", "")),
    }
    assert "VerificationRefusal" in places["log"], "there is a log to look through"
    assert Verification.objects.get().subject_hash in places["database"]
    kept = [
        f"{name} in the {place}"
        for name, values in secrets.items()
        for value in values
        for place, text in places.items()
        if value in text
    ]
    assert kept == []
