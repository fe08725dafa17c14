"""Bringing schemas up to date: the shared one, and those of all municipalities.

Django takes three seconds to find out that a schema lacks nothing, and as long for each new
column, times 1,788. So who is behind is found by one query over the catalogue; a migration is
run by Django once, on the template, and what it did there is repeated everywhere else, each
municipality in a transaction of its own together with its rows in `django_migrations`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from common.refusal import Refused
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.operations.capture import Key, captured
from tenants.operations.dangers import dangers_of
from tenants.operations.roles import follow_roles
from tenants.operations.template import ensure_template
from tenants.postgresql.connection import connection

logger = logging.getLogger(__name__)
# Any number, the same in every process: the second deployer waits for the first.
_LOCK = 7_406_232
# A visitor's long transaction must not hold up the nation: that municipality is tried later.
_LOCK_TIMEOUT = "5s"


@dataclass(frozen=True)
class Behind:
    """A municipality and what its schema lacks, in the order it is to be applied."""

    municipality: Municipality
    missing: tuple[Key, ...]


@dataclass
class Summary:
    """What came of it: codes of the municipalities, errors by code."""

    migrated: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def shared_is_behind() -> bool:
    """Whether the public schema lacks a migration; also of a database that is still empty."""
    connection.set_schema_to_public()
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate_shared() -> None:
    """Run what is missing in the public schema."""
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    connection.set_schema_to_public()


def municipalities_behind(only: Sequence[str] = ()) -> list[Behind]:
    """Whose schema lacks a migration, found by one query over all schemas.

    Compared by name, not by number: a row of a migration that is gone hides nothing. With
    `only`, among the municipalities of these codes.
    """
    connection.set_schema_to_public()
    municipalities = Municipality.objects.all()
    if only:
        municipalities = municipalities.filter(pk__in=only)
    by_code = {municipality.code: municipality for municipality in municipalities}
    if not by_code:
        return []
    order = _order()
    expected = [f"{app}.{name}" for app, name in order]
    lacking = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT {code}, array_agg(migration) FROM (SELECT migration FROM expected EXCEPT"
            " SELECT app || '.' || name FROM {table}) AS missing HAVING count(*) > 0"
        ).format(
            code=sql.Literal(code),
            table=sql.Identifier(municipality.schema_name, "django_migrations"),
        )
        for code, municipality in by_code.items()
    )
    query = sql.SQL("WITH expected(migration) AS (SELECT unnest(%s::text[])) ") + lacking
    with connection.cursor() as cursor:
        cursor.execute(query, [expected])
        rows = cursor.fetchall()
    return [
        Behind(by_code[code], tuple(key for key in order if f"{key[0]}.{key[1]}" in set(missing)))
        for code, missing in sorted(rows)
    ]


def refuse_dangers(behind: Sequence[Behind]) -> None:
    """Raises `Refused("dangerous_migrations", migrations={name: [what would break]})`.

    A migration that carries its reason (`breaks_running_code_because`) passes.
    """
    missing = {key for one in behind for key in one.missing}
    found = dangers_of(missing)
    if found:
        raise Refused("dangerous_migrations", migrations=found)


def migrate_municipalities(
    *,
    only: Sequence[str] = (),
    jobs: int = 1,
    progress: Callable[[int, int, str], None] = lambda done, total, code: None,
) -> Summary:
    """Bring every municipality up to date; the second to call waits for the first.

    Each municipality's schema is whole at any moment: killed and called again, it goes on.
    `progress` is told how many of how many are done, and the code of the last. Raises
    `Refused("dangerous_migrations")`.
    """
    with _one_at_a_time():
        behind = municipalities_behind(only)
        refuse_dangers(behind)
        ensure_template()
        steps = captured()
        summary = Summary()
        if not behind:
            follow_roles(only)
            return summary
        with ThreadPoolExecutor(max(1, jobs)) as pool:
            work = {pool.submit(_migrate_in_thread, one, steps): one for one in behind}
            for number, done in enumerate(as_completed(work), start=1):
                code = work[done].municipality.code
                if error := done.result():
                    summary.failed[code] = error
                else:
                    summary.migrated.append(code)
                progress(number, len(behind), code)
        follow_roles(only)
        return summary


def migrate_municipality(one: Behind, steps: dict[Key, list[str]]) -> None:
    """Apply what one schema lacks, in one transaction.

    `steps` are the captured statements. A migration without any captured (it works with the
    rows that are there, or was captured before this template) is run by Django itself.
    """
    with municipality_context(one.municipality), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
            for key in one.missing:
                if key in steps:
                    for statement in steps[key]:
                        cursor.execute(statement)
                    cursor.execute(_APPLIED, key)
                else:
                    _run_by_django(key)


_APPLIED = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())"


def _run_by_django(key: Key) -> None:
    executor = MigrationExecutor(connection)
    migration = executor.loader.graph.nodes[key]
    state = executor.loader.project_state(key, at_end=False)
    executor.apply_migration(state, migration)


def _migrate_in_thread(one: Behind, steps: dict[Key, list[str]]) -> str:
    """The error, or "". The thread's connection is its own."""
    try:
        migrate_municipality(one, steps)
    except Exception as error:
        logger.exception("migrating %s failed", one.municipality.code)
        return f"{type(error).__name__}: {error}".strip()
    finally:
        connection.close()
    return ""


def _order() -> list[Key]:
    """All migrations on disk, each after what it depends on."""
    graph = MigrationLoader(None).graph
    order: dict[Key, None] = {}
    for leaf in graph.leaf_nodes():
        order.update(dict.fromkeys(graph.forwards_plan(leaf)))
    return list(order)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """A session's lock: it outlasts the transactions inside and ends with the connection."""
    with public_context():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            connection.set_schema_to_public()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
