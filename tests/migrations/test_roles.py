"""A release that lets a role do more reaches the municipalities that are there already."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission

from privacy.operations.permissions import make_permissions
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.operations.migrate import migrate_municipalities, municipalities_behind
from tenants.operations.roles import TABLE, follow_roles
from tenants.postgresql.connection import connection
from tenants.staff.roles import Role

CODES = ["040002", "042056", "210005", "212172"]
OFFICER, MAY_EXPORT = Role.REGISTRATION_OFFICER, "export_registrants"


def may(code: str) -> bool:
    with municipality_context(Municipality.objects.get(pk=code)):
        return Group.objects.get(name=OFFICER).permissions.filter(codename=MAY_EXPORT).exists()


def as_before_the_release(code: str) -> None:
    """The municipality's schema as it was set up before the permission was made."""
    with municipality_context(Municipality.objects.get(pk=code)):
        Permission.objects.filter(codename=MAY_EXPORT).delete()
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS m_template.{TABLE}")


def test_existing_municipalities_get_what_a_role_may_do_from_now_on(own_database: str) -> None:
    for code in CODES[:3]:
        as_before_the_release(code)
    assert [may(code) for code in CODES] == [False, False, False, True]
    assert municipalities_behind() == [], "no migration tells of it"
    migrate_municipalities()
    assert [may(code) for code in CODES] == [True] * 4
    assert follow_roles() == [], "and nothing is done twice"


def test_what_one_municipality_lacks_is_given_to_it_alone(own_database: str) -> None:
    for code in CODES[:2]:
        as_before_the_release(code)
    assert follow_roles(only=CODES[:1]) == CODES[:1]
    assert [may(code) for code in CODES[:2]] == [True, False]
    assert follow_roles() == CODES[1:]
    assert [may(code) for code in CODES[:2]] == [True, True]


def test_a_role_that_the_template_lets_do_more_is_noticed(own_database: str) -> None:
    follow_roles()
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM m_template.auth_group_permissions WHERE permission_id ="
            " (SELECT id FROM m_template.auth_permission WHERE codename = %s)",
            [MAY_EXPORT],
        )
    assert follow_roles() == CODES, "its fingerprint is another"
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = m_template, public")
    make_permissions()
    connection.forget_what_is_set()
    assert follow_roles() == CODES
    assert follow_roles() == []
