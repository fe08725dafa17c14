"""What roles may do follows the template, in municipalities that were set up long ago too.

A release that gives a role a new permission brings no migration, so no schema is behind. What the
template's roles may do has a fingerprint; beside the template stands which schema follows which.
Permissions are added and never taken away: a right withdrawn from a role takes a migration.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from tenants.context import public_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection

TABLE = "roles_followed"
_TEMPLATE = "m_template"
_MAY = f"""
FROM {_TEMPLATE}.auth_group_permissions AS may
JOIN {_TEMPLATE}.auth_group AS role ON role.id = may.group_id
JOIN {_TEMPLATE}.auth_permission AS what ON what.id = may.permission_id
"""
_FINGERPRINT = f"""
SELECT md5(string_agg(concat_ws('.', role.name, what.content_type_id, what.codename), ' '
    ORDER BY role.name, what.content_type_id, what.codename)) {_MAY}
"""
_FOLLOW = f"""
INSERT INTO {{schema}}.auth_group (name) SELECT name FROM {_TEMPLATE}.auth_group
    ON CONFLICT DO NOTHING;
INSERT INTO {{schema}}.auth_permission (name, content_type_id, codename)
    SELECT name, content_type_id, codename FROM {_TEMPLATE}.auth_permission
    ON CONFLICT DO NOTHING;
INSERT INTO {{schema}}.auth_group_permissions (group_id, permission_id)
    SELECT theirs.id, allowed.id {_MAY}
    JOIN {{schema}}.auth_group AS theirs ON theirs.name = role.name
    JOIN {{schema}}.auth_permission AS allowed
      ON (allowed.content_type_id, allowed.codename) = (what.content_type_id, what.codename)
    ON CONFLICT DO NOTHING;
"""


def follow_roles(only: Sequence[str] = ()) -> list[str]:
    """Give every municipality's roles what the template's may do; codes of those that lacked it.

    With `only`, those of these codes. Each in a transaction of its own; safe to repeat.
    """
    with public_context():
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s)", [f"{_TEMPLATE}.{TABLE}"])
            if cursor.fetchone() == (None,):
                cursor.execute(
                    f"CREATE TABLE {_TEMPLATE}.{TABLE}"
                    " (schema_name text PRIMARY KEY, fingerprint text NOT NULL)"
                )
            cursor.execute(_FINGERPRINT)
            (wanted,) = cursor.fetchone()
            cursor.execute(
                f"SELECT schema_name FROM {_TEMPLATE}.{TABLE} WHERE fingerprint = %s", [wanted]
            )
            following = {name for (name,) in cursor.fetchall()}
        lacking = Municipality.objects.exclude(schema_name__in=following).order_by("pk")
        if only:
            lacking = lacking.filter(pk__in=only)
        for municipality in lacking:
            _follow(municipality.schema_name, wanted)
        return [municipality.code for municipality in lacking]


@transaction.atomic
def _follow(schema: str, wanted: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW.format(schema=schema))
        cursor.execute(
            f"INSERT INTO {_TEMPLATE}.{TABLE} VALUES (%s, %s) ON CONFLICT (schema_name)"
            " DO UPDATE SET fingerprint = excluded.fingerprint",
            [schema, wanted],
        )
