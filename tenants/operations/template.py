"""The template: one schema, built by migrations, that every municipality's is a replay of.

Migrating an empty schema takes some ten seconds; making the same tables, indexes and rows
from what the catalogue says of a finished one takes a fraction of one. The statements are kept
beside the schema they were read from, with a fingerprint of all that they depend on, and are
made anew when that changes.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import translation
from django_tenants.utils import schema_context, schema_exists
from psycopg import sql

from tenants.context import public_context
from tenants.operations import capture, roles
from tenants.postgresql import ddl
from tenants.postgresql.connection import connection
from tenants.signals import template_built

logger = logging.getLogger(__name__)

SCHEMA = "m_template"
_ARTEFACT = "replay_artefact"
_OWN = (_ARTEFACT, capture.TABLE, roles.TABLE)  # what is the template's alone
# Any number, the same in every process: one builds, the others wait.
_LOCK = 7_406_231
# What a template holds beside its migrations: the defaults of our apps.
_DEFAULTS = (
    "*/operations/defaults.py",
    "*/operations/permissions.py",
    "*/operations.py",
    "*/receivers.py",
    "site/*/operations/permissions.py",
    "site/*/receivers.py",
    "*/data/*.toml",
    "tenants/staff/*.py",
    # How the statements are made, and which.
    "tenants/operations/template.py",
    "tenants/postgresql/ddl.py",
)


@dataclass(frozen=True)
class Template:
    """Statements in the order they are run; `SCHEMA` stands for the schema to be made."""

    fingerprint: str
    made: str
    filled: str
    finished: str


def fingerprint() -> str:
    """Of all migrations on disk, a colon, of the defaults: another one, another template."""
    migrations, defaults = hashlib.sha256(), hashlib.sha256()
    for app, name in sorted(MigrationLoader(None).disk_migrations):
        migrations.update(f"{app}.{name}\n".encode())
    root = settings.BASE_DIR
    for path in sorted({path for pattern in _DEFAULTS for path in root.glob(pattern)}):
        defaults.update(path.read_bytes())
    return f"{migrations.hexdigest()}:{defaults.hexdigest()}"


def ensure_template() -> Template:
    """The template as it has to be; built first, or anew, where it is not that."""
    wanted = fingerprint()
    with public_context():
        kept = _kept()
        if kept is None or kept.fingerprint != wanted:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
                kept = _kept()
                if kept is None or kept.fingerprint != wanted:
                    kept = _renew(kept, wanted)
    return kept


def _renew(kept: Template | None, wanted: str) -> Template:
    """Migrate the template that is there, keeping what that did; build it anew if need be."""
    steps: dict[capture.Key, list[str]] = {}
    if kept is not None:
        steps = _advance()
        if kept.fingerprint.partition(":")[2] == wanted.partition(":")[2]:
            return keep_artefact(wanted)
    return _build(wanted, steps)


def _advance() -> dict[capture.Key, list[str]]:
    """Run what the template lacks; everything captured, from now and before."""
    with schema_context(SCHEMA):
        steps = capture.run_and_capture()
    migrate_template()  # nothing is left to migrate; new models get their permissions
    with public_context():
        capture.keep(SCHEMA, steps)
        return capture.captured(SCHEMA)


def keep_artefact(wanted: str) -> Template:
    """Read the template's statements anew and keep them under the fingerprint `wanted`."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''")
        made, finished = ddl.read(cursor, SCHEMA, _OWN)
        template = Template(wanted, _script(made), _script(_fillings(cursor)), _script(finished))
        cursor.execute(f"DROP TABLE IF EXISTS {SCHEMA}.{_ARTEFACT}")
        cursor.execute(
            f"CREATE TABLE {SCHEMA}.{_ARTEFACT}"
            " (fingerprint text NOT NULL, made text NOT NULL, filled text NOT NULL,"
            " finished text NOT NULL)"
        )
        cursor.execute(
            f"INSERT INTO {SCHEMA}.{_ARTEFACT} VALUES (%s, %s, %s, %s)",
            [template.fingerprint, template.made, template.filled, template.finished],
        )
    connection.forget_what_is_set()  # the search path above was this transaction's alone
    return template


def replay(template: Template, schema: str) -> None:
    """Make `schema` as the template is: tables, rows, constraints, indexes, all or nothing."""
    script = "".join([template.made, template.filled, template.finished])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        # The template's rows are read from itself, so only what is written to is renamed.
        cursor.execute(script.replace(f"{SCHEMA}.", f"{schema}.").replace(_SOURCE, SCHEMA))


_SOURCE = "template_rows"


def _kept() -> Template | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.{_ARTEFACT}"])
        if cursor.fetchone() == (None,):
            return None
        cursor.execute(f"SELECT fingerprint, made, filled, finished FROM {SCHEMA}.{_ARTEFACT}")
        row = cursor.fetchone()
        return Template(*row) if row else None


def _build(wanted: str, steps: dict[capture.Key, list[str]]) -> Template:
    logger.info("building the template of municipalities")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    migrate_template()
    # What is written for municipalities is in Japanese, whoever starts the building.
    with schema_context(SCHEMA), translation.override(settings.LANGUAGE_CODE):
        template_built.send(sender=Template)
    with public_context():
        capture.make_table(SCHEMA)
        capture.keep(SCHEMA, steps)
        return keep_artefact(wanted)


def migrate_template() -> None:
    """Run what is missing in the template's schema."""
    call_command("migrate_schemas", tenant=True, schema_name=SCHEMA, interactive=False, verbosity=0)
    connection.set_schema_to_public()


def template_exists() -> bool:
    """Whether there is a template at all, current or not."""
    return bool(schema_exists(SCHEMA))


def _fillings(cursor: Any) -> list[str]:
    """Statements that copy the template's rows and set the numbers that come next."""
    statements = []
    for table in ddl.tables(cursor, SCHEMA, _OWN):
        name = sql.Identifier(table).as_string(None)
        cursor.execute(f"SELECT EXISTS (SELECT FROM {SCHEMA}.{name})")
        if not cursor.fetchone()[0]:
            continue
        statements.append(
            f"INSERT INTO {SCHEMA}.{name} OVERRIDING SYSTEM VALUE SELECT * FROM {_SOURCE}.{name}"
        )
        cursor.execute(
            "SELECT attname, pg_get_serial_sequence(%s, attname) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attidentity <> ''",
            [f"{SCHEMA}.{name}", f"{SCHEMA}.{name}"],
        )
        for _column, sequence in cursor.fetchall():
            source = sequence.replace(f"{SCHEMA}.", f"{_SOURCE}.")
            statements.append(f"SELECT setval('{sequence}', last_value, is_called) FROM {source}")
    return statements


def _script(statements: list[str]) -> str:
    return "".join(f"{statement};\n" for statement in statements)
