"""Raising the wall: roles, the schema `guard`, policies on every shared table.

Run by the owner of the database, after each migration; nothing changes where nothing has to.
Four kinds of roles, all named after one prefix (`furusato` unless set otherwise):

- `…_app` may do at the shared tables what their walls say; `…_operator` may do more there;
- `…_m042056`, one for each municipality that there could be, works in that schema;
- the logins `…_run` and `…_desk` (for the operator's host) may become these, and have no right
  of their own.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from environ import Env
from psycopg import sql

from tenants.context import public_context
from tenants.models import LocalGovernment
from tenants.postgresql import connection as postgresql
from tenants.postgresql import ddl
from tenants.postgresql.connection import connection
from tenants.postgresql.names import code_of
from tenants.postgresql.walls import PERSONAL_POLICY, Wall, personal_statements

GUARD = Path(postgresql.__file__).with_name("guard.sql")
_BLOCK = 64  # bytes of a block of SHA-256
# A key that was replaced verifies as long as what it signed can be under way.
_KEY_OUTLIVES = "1 hour"
# Any number, the same in every process: the second to start waits, or roles are altered twice.
_LOCK = 7_406_233


def walls() -> list[Wall]:
    """The walls of all shared apps."""
    return [wall for module in _modules() for wall in getattr(module, "WALLS", ())]


def personal_tables() -> list[str]:
    """The tables with people's data in every municipality's schema."""
    return [name for module in _modules() for name in getattr(module, "PERSONAL_TABLES", ())]


def _modules() -> list[ModuleType]:
    names = [f"{config.name}.walls" for config in apps.get_app_configs()]
    return [import_module(name) for name in names if find_spec(name)]


def role_prefix() -> str:
    return str(connection.settings_dict["WALL"]["PREFIX"])


def raise_wall() -> None:
    """Bring roles, guard and policies to what they have to be; safe to repeat."""
    with public_context(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        make_roles()
        _keep_logins()
        close_the_database()
        wanted = fingerprint()
        if _raised() != wanted:
            with connection.cursor() as cursor:
                cursor.execute(_script())
                cursor.execute("DELETE FROM guard.raised")
                cursor.execute("INSERT INTO guard.raised VALUES (%s)", [wanted])
        keep_key()
        for schema in _schemas_not_walled():
            let_into_schema(schema)


def let_into_schema(schema: str) -> None:
    """Give the municipality's role the rights in its schema, now and after migrations.

    Tables with people's data ask where one is as well; those that a schema still lacks get
    their policy when it has been migrated. Safe to repeat.
    """
    role, name = quoted(connection.role_of(schema)), quoted(schema)
    statements = [
        f"GRANT USAGE ON SCHEMA {name} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON {name}.django_migrations FROM {role}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA {name}"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    ]
    with connection.cursor() as cursor:
        there = ddl.tables(cursor, schema)
        for table in personal_tables():
            if table in there:
                statements += personal_statements(name, code_of(schema), table, role)
        cursor.execute(";\n".join(statements))


def _schemas_not_walled() -> list[str]:
    """Of municipalities whose role lacks its rights, or whose tables lack a policy."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schema_name FROM public.tenants_municipality LEFT JOIN"
            " (SELECT nspname, count(*) AS found FROM pg_policy"
            " JOIN pg_class ON pg_class.oid = polrelid"
            " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE polname = %s AND relname = ANY(%s) GROUP BY nspname) AS walled"
            " ON nspname = schema_name WHERE coalesce(found, 0) < %s"
            " OR NOT has_schema_privilege(%s || schema_name, schema_name, 'USAGE')",
            [PERSONAL_POLICY, personal_tables(), len(personal_tables()), f"{role_prefix()}_"],
        )
        return [name for (name,) in cursor.fetchall()]


def make_roles() -> None:
    """The roles that lack, also those of all municipalities that could take part.

    All at once: then setting up a municipality makes no role, which is the whole cluster's.
    """
    prefix = role_prefix()
    codes = LocalGovernment.objects.values_list("code", flat=True)
    municipal = [f"{prefix}_m{code}" for code in codes]
    app, desk = f"{prefix}_app", f"{prefix}_operator"
    wanted = [app, desk, *municipal]
    with connection.cursor() as cursor:
        _make_logins(cursor)
        known = _known(cursor, wanted)
        if lacking := [name for name in wanted if name not in known]:
            cursor.execute(_roles_script(lacking, prefix))


def _make_logins(cursor: Any) -> None:
    """They inherit nothing: a right that came with a role would be there unasked."""
    for name in set(_logins()) - _known(cursor, _logins()):
        cursor.execute(f"CREATE ROLE {quoted(name)} LOGIN")
    cursor.execute(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND rolinherit", [_logins()]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"ALTER ROLE {quoted(name)} NOINHERIT")


def _known(cursor: Any, names: list[str]) -> set[str]:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [names])
    return {name for (name,) in cursor.fetchall()}


def _roles_script(names: list[str], prefix: str) -> str:
    """Make roles that have the rights of `…_app`; the logins and the owner may become them.

    Who may become a role is said as it is made: of a role that is there PostgreSQL first asks
    whether the owner may give it away, and to answer walks through all roles the owner made.
    One GRANT for each of the nation's roles took twenty seconds, this takes one.
    """
    app = f"{prefix}_app"
    made = ["SET LOCAL createrole_self_grant = 'set'"]
    for name in names:
        login = f"{prefix}_desk" if name == f"{prefix}_operator" else f"{prefix}_run"
        made.append(f"CREATE ROLE {quoted(name)} NOLOGIN ROLE {quoted(login)}")
    if heirs := ", ".join(quoted(name) for name in names if name != app):
        made.append(f"GRANT {quoted(app)} TO {heirs} WITH INHERIT TRUE, SET FALSE")
    return ";\n".join(made)


def _logins() -> list[str]:
    prefix = role_prefix()
    return [f"{prefix}_run", f"{prefix}_desk"]


def _keep_logins() -> None:
    """Give the logins the passwords that their URLs name."""
    for url in settings.RUNTIME_DATABASE_URLS:
        login = Env.db_url_config(url)
        if login.get("PASSWORD"):
            with connection.cursor() as cursor:
                cursor.execute(
                    sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                        sql.Identifier(login["USER"]), sql.Literal(login["PASSWORD"])
                    )
                )


def close_the_database() -> None:
    """Nobody connects but the owner and the logins; a copy made of a template begins open."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(current_database()) FROM pg_database"
            " WHERE datname = current_database() AND (datacl IS NULL OR EXISTS ("
            "SELECT FROM aclexplode(datacl) WHERE grantee = 0))"
        )
        if found := cursor.fetchone():
            logins = ", ".join(quoted(login) for login in _logins())
            cursor.execute(f"REVOKE ALL ON DATABASE {found[0]} FROM PUBLIC")
            cursor.execute(f"GRANT CONNECT ON DATABASE {found[0]} TO {logins}")


def fingerprint() -> str:
    """Of everything that is raised; kept in the database with it."""
    return hashlib.sha256(_script().encode()).hexdigest()


def _script() -> str:
    """Everything that depends on the code alone."""
    prefix = role_prefix()
    app, operator = quoted(f"{prefix}_app"), quoted(f"{prefix}_operator")
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        (owner,) = cursor.fetchone()
    statements = [
        GUARD.read_text(),
        f"GRANT USAGE ON SCHEMA guard TO {app}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA guard TO {app}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {app}",
        _DROP_POLICIES,
    ]
    for wall in walls():
        statements += wall.statements(owner, app, operator)
    return ";\n".join(statement.strip().rstrip(";") for statement in statements)


_DROP_POLICIES = """
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON public.%I', found.policyname, found.tablename);
    END LOOP;
END $$
"""


def _raised() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('guard.raised')")
        if cursor.fetchone() == (None,):
            return ""
        cursor.execute("SELECT fingerprint FROM guard.raised")
        return "".join(row[0] for row in cursor.fetchall())


def keep_key() -> None:
    """The key that signs claims, as the two pads of HMAC; older ones for a while."""
    key = connection.settings_dict["WALL"]["KEY"]
    key = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    pads = [bytes(byte ^ pad for byte in key) for pad in (0x36, 0x5C)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO guard.key (inner_pad, outer_pad) VALUES (%s, %s)"
            " ON CONFLICT (inner_pad) DO UPDATE SET since = now()",
            pads,
        )
        cursor.execute("DELETE FROM guard.key WHERE since < now() - %s::interval", [_KEY_OUTLIVES])


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return sql.Identifier(name).as_string(None)
