"""A new database for each benchmark, beside the one that DATABASE_URL names."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

_PATIENCE_SECONDS = 120


@contextmanager
def own_database() -> Iterator[None]:
    """Makes an empty database, lets DATABASE_URL name it, and drops it afterwards.

    Beside, not in, the one that is named: figures do not depend on what was measured before,
    and a database given from outside stays as it is. Its role must be allowed to make
    databases. To be entered before Django reads its settings.
    """
    given = os.environ["DATABASE_URL"]
    parts = urlsplit(given)
    name = f"{parts.path.strip('/')}_bench"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    with psycopg.connect(given, autocommit=True) as admin:
        admin.execute(drop)
        admin.execute(create)
        os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = given
            _drop(admin, drop)


def _drop(admin: psycopg.Connection, drop: sql.Composed) -> None:
    """A process of PostgreSQL's own that tidies up a large table cannot be ended: it is waited
    for."""
    for _attempt in range(_PATIENCE_SECONDS):
        try:
            admin.execute(drop)
        except psycopg.errors.InsufficientPrivilege:
            time.sleep(1)
        else:
            return
    admin.execute(drop)
