"""How many SQL statements one request takes."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def statements_of(host: str, path: str, client: Client | None = None, **post: str) -> int:
    """Statements of a GET, or of a POST with `post`; the first request warms caches."""
    client = client or Client()
    client.get(path, headers={"host": host})
    with CaptureQueriesContext(connection) as captured:
        answer = (
            client.post(path, post, headers={"host": host})
            if post
            else client.get(path, headers={"host": host})
        )
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(captured)
