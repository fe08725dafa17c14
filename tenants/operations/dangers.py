"""Migrations that would break the code that is still running while they run.

A deployment at 1,788 municipalities takes minutes, in which the old code serves. So a change
comes in two steps: expand (a new column that may stay empty or has a default in the database),
then, a release later, contract. A migration that does otherwise must say why:

    class Migration(migrations.Migration):
        breaks_running_code_because = "The column was never read."
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    AlterField,
    AlterModelTable,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import NOT_PROVIDED, Field, ManyToManyField

from tenants.operations.capture import Key, flat

REASON = "breaks_running_code_because"
_GONE = (DeleteModel, RemoveField, RenameField, RenameModel, AlterModelTable)
# Third parties' migrations cannot carry a reason of ours; it stands here, by app and name.
ACCEPTED: dict[Key, str] = {}


def dangers_of(keys: Iterable[Key]) -> dict[str, list[str]]:
    """What each of these migrations would break, by its name; those with a reason left out.

    The first migration of an app is none: no code knows its tables yet.
    """
    loader = MigrationLoader(None)
    found = {}
    for key in sorted(keys):
        migration = loader.graph.nodes[key]
        if migration.initial or getattr(migration, REASON, "") or key in ACCEPTED:
            continue
        state = loader.project_state(key, at_end=False)
        dangers = []
        for operation in migration.operations:
            for inner in flat(operation):
                if danger := _danger(inner, state, key[0]):
                    dangers.append(danger)
            operation.state_forwards(key[0], state)
        if dangers:
            found[".".join(key)] = dangers
    return found


def _danger(operation: Operation, state: ProjectState, app: str) -> str:
    if isinstance(operation, _GONE):
        return operation.describe()
    if isinstance(operation, AddField) and _must_be_written(operation.field):
        return f"{operation.describe()}: old code leaves it out, and it may not be empty"
    if isinstance(operation, AlterField) and _must_be_written(operation.field):
        before: Any = state.models[app, operation.model_name_lower].fields[operation.name]
        if before.null:
            return f"{operation.describe()}: old code may leave it empty"
    return ""


def _must_be_written(field: Field) -> bool:
    """Whether an INSERT that does not name the column fails."""
    if isinstance(field, ManyToManyField):
        return False
    return not field.null and field.db_default is NOT_PROVIDED
