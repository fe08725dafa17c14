"""This process, connected under another of the platform's logins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tenants.actors import Actor, acting
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection

RUN, DESK = "furusato_run", "furusato_desk"


def connect_as(user: str) -> psycopg.Connection:
    """A second connection to the database in use, past Django and all that our code sets."""
    known = connection.get_connection_params()
    wanted = {key: known[key] for key in ("host", "port", "dbname") if key in known}
    return psycopg.connect(**wanted, user=user, autocommit=True)


@contextmanager
def logged_in_as(user: str) -> Iterator[None]:
    """Inside, statements go through a connection of `user`; begins and ends with a new one."""
    usual = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = user
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = usual


@contextmanager
def at_run_time(actor: Actor | None, municipality: Municipality | None = None) -> Iterator[None]:
    """Inside, `actor` works as in the product: at a municipality, or in the shared schema."""
    login = DESK if actor and actor.at_operator_host else RUN
    with logged_in_as(login), acting(actor):
        with municipality_context(municipality) if municipality else public_context():
            yield
