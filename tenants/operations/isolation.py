"""What the catalogue says of the wall: whether everything stands as it was raised.

A wall is as good as its weakest place, and a migration, a restored dump or somebody with the
owner's password can make one. So the whole catalogue is read, at each start and in the tests,
set by set: a nation's schemas cost a few scans. The owner sees the most; a run-time login can
neither read what was raised nor rehearse a policy, and leaves that out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from environ import Env

from tenants.actors import acting
from tenants.context import public_context
from tenants.operations.wall import GUARD, fingerprint, personal_tables, quoted, role_prefix, walls
from tenants.postgresql.connection import connection
from tenants.postgresql.faults import CHECKS
from tenants.postgresql.walls import COMMANDS, PERSONAL_POLICY

# Whoever calls these borrows the owner's rights: to the key, to a municipality's staff, to the
# consents of a guardian, to where the account that asks works itself and for whom it acts, to who
# has a place in what its organisation runs, to whether a participant was recorded elsewhere at the
# same time, to where something waits for the worker, to which registrants act for an organisation,
# and to what another account of the same person has of a session.
DEFINERS = (
    "guard.claim",
    "guard.colleagues",
    "guard.children",
    "guard.organisation",
    "guard.comes_to_us",
    "guard.organisations",
    "guard.workplaces",
    "guard.elsewhere",
    "guard.exports_due",
    "guard.cases_due",
    "guard.organisers",
    "guard.records_of_merged",
)


@dataclass(frozen=True)
class Extent:
    """How much stands behind the wall: shared tables, roles, functions that policies ask."""

    tables: int
    roles: int
    functions: int


def faults() -> list[str]:
    """What is wrong with the wall of this database, a sentence each; nothing if it holds."""
    with acting(None), public_context(), transaction.atomic(), connection.cursor() as cursor:
        names = _names(cursor)
        if names["owner"] is None:
            return ["There is no schema guard: the wall was never raised."]
        found = [
            check.sentence.format(*row)
            for check in CHECKS
            for row in _rows(cursor, check.query, names)
        ]
        found += _policies_not_declared(cursor, names)
        if names["me"] == names["owner"]:
            found += _unlike_what_was_raised(cursor)
            found += _unlike_a_rehearsal(cursor, names)
        return found


def extent() -> Extent:
    """How much `faults` looked at."""
    with acting(None), public_context(), connection.cursor() as cursor:
        [row] = _rows(
            cursor,
            "SELECT (SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = 'public'::regnamespace),"
            " (SELECT count(*) FROM pg_roles WHERE rolname ~ %(ours)s),"
            " (SELECT count(*) FROM pg_proc"
            " WHERE pronamespace = to_regnamespace('guard'))",
            _names(cursor),
        )
        return Extent(*row)


def _rows(cursor: Any, query: str, names: dict[str, Any]) -> list[tuple[Any, ...]]:
    cursor.execute(query, names)
    return list(cursor.fetchall())


def _names(cursor: Any) -> dict[str, Any]:
    """What the queries are asked with; a municipality's role is `municipal`'s one group."""
    cursor.execute(
        "SELECT current_user, session_user,"
        " (SELECT rolname FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner"
        " WHERE nspname = 'guard')"
    )
    me, session, owner = cursor.fetchone()
    prefix = role_prefix()
    logins = {f"{prefix}_run", f"{prefix}_desk"}
    logins |= {Env.db_url_config(url)["USER"] for url in settings.RUNTIME_DATABASE_URLS}
    logins |= {session} - {owner}
    escaped = re.escape(prefix)
    return {
        "me": me,
        "owner": owner,
        "logins": sorted(logins),
        "run": f"{prefix}_run",
        "desk": f"{prefix}_desk",
        "app": f"{prefix}_app",
        "operator": f"{prefix}_operator",
        "municipal": rf"^{escaped}_(m\d{{6}})$",
        "ours": rf"^{escaped}_(run|desk|app|operator|m\d{{6}})$",
        "tables": [wall.table for wall in walls()],
        "personal": personal_tables(),
        "here": PERSONAL_POLICY,
        "definers": list(DEFINERS),
        "guard": GUARD.read_text(),
    }


def _policies_not_declared(cursor: Any, names: dict[str, Any]) -> list[str]:
    """Policies that there are and no wall means, and the other way round."""
    there = set(
        _rows(
            cursor,
            "SELECT tablename::text, policyname::text, cmd, array_to_string(roles, ','),"
            " permissive = 'PERMISSIVE', qual IS NOT NULL, with_check IS NOT NULL"
            " FROM pg_policies WHERE schemaname = 'public'",
            names,
        )
    )
    declared = set(_declared(names))
    return [
        f"The policy {name} on public.{table} ({command}, {roles}) is no wall's."
        for table, name, command, roles, *_ in sorted(there - declared)
    ] + [
        f"The policy {name} on public.{table} ({command}, {roles}) is declared and not there."
        for table, name, command, roles, *_ in sorted(declared - there)
    ]


def _declared(names: dict[str, Any]) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for wall in walls():
        found.append((wall.table, "owner", "ALL", names["owner"], True, True, True))
        for command in COMMANDS:
            clauses = (True, command != "insert", command in {"insert", "update"})
            verb = command.upper()
            if getattr(wall, command):
                found.append((wall.table, f"app_{command}", verb, names["app"], *clauses))
            if command in wall.operator:
                found.append((wall.table, f"operator_{command}", verb, names["operator"], *clauses))
    return found


def _unlike_what_was_raised(cursor: Any) -> list[str]:
    cursor.execute("SELECT fingerprint FROM guard.raised")
    if [row[0] for row in cursor.fetchall()] == [fingerprint()]:
        return []
    return ["The wall was raised by other code than this: run `prepare`."]


def _unlike_a_rehearsal(cursor: Any, names: dict[str, Any]) -> list[str]:
    """Raise the declared walls on empty tables of the same shape, and compare what came of it.

    PostgreSQL writes a condition in its own way, so only what it wrote twice can be compared.
    """
    there = {row[0] for row in _rows(cursor, _TABLES, names)}
    rehearsed = [wall for wall in walls() if wall.table in there]
    owner, app, operator = (quoted(names[key]) for key in ("owner", "app", "operator"))
    with transaction.atomic():
        statements = [
            statement
            for wall in rehearsed
            for statement in (
                f"CREATE TEMPORARY TABLE {wall.table} (LIKE public.{wall.table}) ON COMMIT DROP",
                *wall.statements(owner, app, operator, schema="pg_temp"),
            )
        ]
        cursor.execute("SET LOCAL search_path = ''")
        cursor.execute(";".join(statements))
        conditions = _rows(cursor, _OTHER_CONDITIONS, names)
        rights = _rows(cursor, _OTHER_RIGHTS, names)
        transaction.set_rollback(True)
    return _sentences(
        "The policy {1} on public.{0} has another condition than its wall.", conditions
    ) + _sentences("{1} has other rights on public.{0} than its wall gives.", rights)


def _sentences(sentence: str, rows: Sequence[tuple[Any, ...]]) -> list[str]:
    return [sentence.format(*row) for row in rows]


_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_OTHER_CONDITIONS = """
    SELECT c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    JOIN pg_class tried ON tried.relname = c.relname AND tried.relnamespace = pg_my_temp_schema()
    JOIN pg_policy q ON q.polrelid = tried.oid AND q.polname = p.polname
    WHERE c.relnamespace = 'public'::regnamespace
    AND (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    IS DISTINCT FROM (pg_get_expr(q.polqual, q.polrelid), pg_get_expr(q.polwithcheck, q.polrelid))
    ORDER BY 1, 2
"""
_OTHER_RIGHTS = """
    SELECT DISTINCT relname, coalesce(rolname, 'Everybody (PUBLIC)') FROM (
        SELECT relname, a.grantee, a.privilege_type,
               bool_or(relnamespace = 'public'::regnamespace) AS given,
               bool_or(relnamespace = pg_my_temp_schema()) AS meant
        FROM pg_class CROSS JOIN aclexplode(relacl) a
        WHERE relnamespace IN ('public'::regnamespace, pg_my_temp_schema())
        AND relname = ANY (%(tables)s) AND a.grantee <> relowner
        GROUP BY 1, 2, 3
    ) AS rights LEFT JOIN pg_roles ON pg_roles.oid = grantee
    WHERE given <> meant ORDER BY 1, 2
"""
