"""What a migration did to the template, kept so that it can be repeated elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation

from tenants.postgresql.connection import connection

Key = tuple[str, str]
TABLE = "captured_migration"


def make_table(schema: str) -> None:
    """Where the captured statements are kept: in the template's own schema."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {schema}.{TABLE}"
            " (app text, name text, statements text[] NOT NULL, PRIMARY KEY (app, name))"
        )


def captured(schema: str = "m_template") -> dict[Key, list[str]]:
    """The statements of every migration that was captured, by app and name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{schema}.{TABLE}"])
        if cursor.fetchone() == (None,):
            return {}
        cursor.execute(f"SELECT app, name, statements FROM {schema}.{TABLE}")
        return {(app, name): statements for app, name, statements in cursor.fetchall()}


def keep(schema: str, steps: dict[Key, list[str]]) -> None:
    """Keep these statements; what is kept of the same migration stays."""
    with connection.cursor() as cursor:
        for (app, name), statements in steps.items():
            cursor.execute(
                f"INSERT INTO {schema}.{TABLE} VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                [app, name, statements],
            )


def run_and_capture() -> dict[Key, list[str]]:
    """Run what the active schema lacks; statements of those that are statements alone.

    A migration that runs Python does in each municipality what the rows there ask for, so
    nothing of it is captured.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    steps: dict[Key, list[str]] = {}
    for migration, _backwards in plan:
        with connection.capturing() as statements:
            state = executor.apply_migration(state, migration)
        if not any(_runs_python(operation) for operation in migration.operations):
            steps[migration.app_label, migration.name] = statements
    return steps


def _runs_python(operation: Operation) -> bool:
    return any(isinstance(inner, RunPython) for inner in flat(operation))


def flat(operation: Operation) -> Iterator[Operation]:
    """An operation, or what it does to the database where it says so separately."""
    if isinstance(operation, SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from flat(inner)
    else:
        yield operation
