"""Two municipalities full of things, and SQL that no code of ours contains."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from tenants.actors import Actor, staff
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tests.isolation.access_world import World


@dataclass(frozen=True)
class Place:
    """A municipality, one of its staff, and what the conditions of `ROWS` are asked with."""

    municipality: Municipality
    actor: Actor
    names: dict[str, Any]

    def count(self, table: str, condition: str) -> int:
        """Rows of a shared table, as the owner counts them."""
        [(number,)] = rows(f"SELECT count(*) FROM public.{table} WHERE {self.of(condition)}")
        return int(number)

    def of(self, condition: str) -> str:
        return condition.format(**self.names)


def place_of(world: World, which: str) -> Place:
    municipality = world.here if which == "here" else world.there
    account = world.people["administrator" if which == "here" else "elsewhere"].pk
    names = {
        "code": municipality.code,
        "schema": municipality.schema_name,
        "account": account,
    }
    return Place(municipality, staff(account, municipality.code), names)


def rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def changed(statement: str, parameters: Any = None) -> int:
    """How many rows a statement changes, which is taken back at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        transaction.set_rollback(True)
        return int(cursor.rowcount)


@contextmanager
def refused() -> Iterator[None]:
    """What happens inside is refused for want of a right, by PostgreSQL itself."""
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        yield
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege), raised.value
