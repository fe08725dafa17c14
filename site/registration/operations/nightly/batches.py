"""How the night's work is done: in transactions that are bounded, and by one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from registration.rules.terms import TOLD_BEFORE
from tenants.postgresql.connection import connection

SIZE = 2_000
# Of whoever does a batch: a second one waits, and then finds it done.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('registration.nightly'))"
_FIRST = UUID(int=0)
Batch = Callable[[UUID], list[UUID]]


def run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows that one statement returns."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def in_batches(batch: Batch) -> int:
    """Call `batch` with the last resident that was done, until it finds nobody; returns how many.

    Each call is a transaction, and returns whom it has done in ascending order. What a killed
    worker has not committed the next run does.
    """
    done, last = 0, _FIRST
    while True:
        with transaction.atomic():
            run(_LOCK)
            people = batch(last)
        if not people:
            return done
        done, last = done + len(people), people[-1]


def which_warning(days_left: str) -> str:
    """SQL for the warning that is due when so many days are left: the smallest that has come.

    As `registration.rules.terms.warning_due`, for up to 60 days left."""
    cases = " ".join(f"WHEN {days_left} <= {days} THEN {days}" for days in sorted(TOLD_BEFORE))
    return f"(CASE {cases} END)"
