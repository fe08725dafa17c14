"""`check_isolation`: silent on the prepared database, and names whatever is planted."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from launcher.postgres import SUPERUSER
from tenants.operations.isolation import extent, faults
from tenants.operations.wall import raise_wall
from tests.isolation.logins import DESK, RUN, logged_in_as

# What the owner can do, in a migration or by hand: a statement, and what the sentence must name.
PLANTED = {
    "a view that reads as its owner": (
        "CREATE VIEW m042056.everybody AS SELECT * FROM public.accounts_user",
        "view m042056.everybody",
    ),
    "a view in the shared schema": (
        "CREATE VIEW everybody AS SELECT * FROM accounts_user",
        "view everybody",
    ),
    "a view that says it does not read as its invoker": (
        "CREATE VIEW guard.keys WITH (security_invoker = false) AS SELECT * FROM guard.key",
        "view guard.keys",
    ),
    "a materialised view": (
        "CREATE MATERIALIZED VIEW m042056.kept AS SELECT * FROM public.accounts_resident",
        "materialised view m042056.kept",
    ),
    "a rule that writes elsewhere": (
        "CREATE RULE copies AS ON INSERT TO m042056.taggit_tag"
        " DO ALSO INSERT INTO m212172.taggit_tag VALUES (NEW.*)",
        "rule copies on m042056.taggit_tag",
    ),
    "a SECURITY DEFINER function": (
        "CREATE FUNCTION m042056.peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
        " RETURN (SELECT count(*) FROM public.accounts_user)",
        "function m042056.peek()",
    ),
    "a SECURITY DEFINER function in a schema of nobody's": (
        "CREATE SCHEMA tools; CREATE FUNCTION tools.peek() RETURNS integer LANGUAGE sql"
        " SECURITY DEFINER RETURN 1",
        "function tools.peek()",
    ),
    "a function of the guard that says something else": (
        "CREATE OR REPLACE FUNCTION guard.municipality() RETURNS text"
        " LANGUAGE sql STABLE PARALLEL SAFE RETURN guard.claim(6)",
        "function guard.municipality()",
    ),
    "a function of the guard that looks where its caller says": (
        "ALTER FUNCTION guard.claim(integer) RESET search_path",
        "function guard.claim(integer)",
    ),
    **{
        f"a function of the guard with its caller's rights that does so: {name}": (
            f"ALTER FUNCTION guard.{name}() {setting}",
            f"The function guard.{name}() looks for names where its caller says.",
        )
        for name, setting in {
            "merged": "RESET search_path",
            "run_sessions": "SET search_path = public, pg_catalog",
            "session_of_device": "RESET ALL",
        }.items()
    },
    "a function of the guard that everybody may call": (
        "GRANT EXECUTE ON FUNCTION guard.colleagues() TO PUBLIC",
        "Everybody (PUBLIC) may call the function guard.colleagues()",
    ),
    "people's data in a municipality's schema without row security": (
        "ALTER TABLE m042056.community_post DISABLE ROW LEVEL SECURITY",
        "m042056.community_post holds people's data",
    ),
    "people's data that asks whether one is somewhere else": (
        "ALTER POLICY here ON m042056.surveys_answer USING ((SELECT guard.here()) = '212172')",
        "m042056.surveys_answer holds people's data",
    ),
    "a second policy beside the one that asks": (
        "CREATE POLICY open ON m042056.community_post USING (true)",
        "policy open on m042056.community_post",
    ),
    "a table whose row security is not forced": (
        "ALTER TABLE registration_registration NO FORCE ROW LEVEL SECURITY",
        "public.registration_registration does not",
    ),
    "a table without row security": (
        "ALTER TABLE django_session DISABLE ROW LEVEL SECURITY",
        "public.django_session does not",
    ),
    "a table that nobody declared": (
        "CREATE TABLE notes (body text); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;"
        "ALTER TABLE notes FORCE ROW LEVEL SECURITY",
        "public.notes has no wall",
    ),
    "a declared table that is gone": (
        "ALTER TABLE accounts_handoff RENAME TO handoffs",
        "public.accounts_handoff is declared",
    ),
    "a policy that is gone": (
        "DROP POLICY app_select ON attendance_signup",
        "policy app_select on public.attendance_signup",
    ),
    "a policy that nobody declared": (
        "CREATE POLICY app_delete ON attendance_signup FOR DELETE TO furusato_app USING (true)",
        "policy app_delete on public.attendance_signup",
    ),
    "a policy that lets everything be read": (
        "ALTER POLICY app_select ON attendance_signup USING (true)",
        "policy app_select on public.attendance_signup",
    ),
    "a policy that lets everything be written": (
        "ALTER POLICY app_insert ON attendance_signup WITH CHECK (true)",
        "policy app_insert on public.attendance_signup",
    ),
    "a policy for everybody": (
        "ALTER POLICY owner ON certificates_certificate TO PUBLIC",
        "policy owner on public.certificates_certificate",
    ),
    "a wall of other code": (
        "UPDATE guard.raised SET fingerprint = 'of yesterday'",
        "raised by other code",
    ),
    "a command that no wall gives": (
        "GRANT DELETE ON attendance_participationrecord TO furusato_app",
        "furusato_app has other rights on public.attendance_participationrecord",
    ),
    "a login that inherits": ("ALTER ROLE furusato_run INHERIT", "furusato_run is INHERIT"),
    "a login that makes roles": (
        "ALTER ROLE furusato_desk CREATEROLE",
        "furusato_desk is CREATEROLE",
    ),
    "a login with settings of its own": (
        "ALTER ROLE furusato_run SET search_path = 'm212172'",
        "furusato_run begins with a setting of its own: search_path=m212172",
    ),
    "a login that may become the operator": (
        "GRANT furusato_operator TO furusato_run WITH INHERIT FALSE, SET TRUE",
        "furusato_run is a member of furusato_operator",
    ),
    "a login that is a municipality": (
        "GRANT furusato_m042056 TO furusato_run WITH INHERIT TRUE, SET TRUE",
        "furusato_run is a member of furusato_m042056",
    ),
    "the operator's login at a municipality": (
        "GRANT furusato_m042056 TO furusato_desk WITH INHERIT FALSE, SET TRUE",
        "furusato_desk is a member of furusato_m042056",
    ),
    "a municipality that passes its role on": (
        "GRANT furusato_app TO furusato_m042056 WITH ADMIN TRUE",
        "furusato_m042056 is a member of furusato_app",
    ),
    "a municipality that is another as well": (
        "GRANT furusato_m212172 TO furusato_m042056",
        "furusato_m042056 is a member of furusato_m212172",
    ),
    "somebody else who may become a municipality": (
        "CREATE ROLE visiting LOGIN; GRANT furusato_m042056 TO visiting",
        "visiting, which is no role of ours, is a member of furusato_m042056",
    ),
    "a municipality that can sign in": (
        "ALTER ROLE furusato_m042056 LOGIN",
        "furusato_m042056 is LOGIN",
    ),
    "a right on another municipality's table": (
        "GRANT SELECT ON m212172.wagtailcore_page TO furusato_m042056",
        "furusato_m042056 has rights where it has no business: table m212172.wagtailcore_page",
    ),
    "a right on another municipality's schema": (
        "GRANT USAGE ON SCHEMA m212172 TO furusato_m042056",
        "furusato_m042056 has rights where it has no business: schema m212172",
    ),
    "a right of a municipality on a shared table": (
        "GRANT SELECT ON accounts_user TO furusato_m042056",
        "furusato_m042056 has rights where it has no business: table accounts_user",
    ),
    "a right of everybody's roles on a municipality's table": (
        "GRANT SELECT ON m212172.wagtailcore_page TO furusato_app",
        "furusato_app has rights where it has no business: table m212172.wagtailcore_page",
    ),
    "a right of a bare login": (
        "GRANT SELECT ON accounts_user TO furusato_run",
        "furusato_run has rights where it has no business: table accounts_user",
    ),
    "a right to make things in one's own schema": (
        "GRANT CREATE ON SCHEMA m042056 TO furusato_m042056",
        "furusato_m042056 may CREATE in the schema m042056",
    ),
    "a right that row security does not ask about": (
        "GRANT TRUNCATE, REFERENCES, TRIGGER ON m042056.wagtailcore_page TO furusato_m042056",
        "furusato_m042056 may REFERENCES, TRIGGER, TRUNCATE on m042056.wagtailcore_page",
    ),
    "a right to truncate a shared table": (
        "GRANT TRUNCATE ON attendance_participationrecord TO furusato_app",
        "furusato_app may TRUNCATE on attendance_participationrecord",
    ),
    "a right on the key": (
        "GRANT SELECT ON guard.key TO furusato_app",
        "furusato_app may SELECT on guard.key",
    ),
    "a right on a column": (
        "GRANT SELECT (email) ON accounts_user TO furusato_operator",
        "furusato_operator may SELECT on the column email of accounts_user",
    ),
    "a column for everybody": (
        "GRANT SELECT (title) ON m212172.wagtailcore_page TO PUBLIC",
        "Everybody (PUBLIC) may SELECT on the column title of m212172.wagtailcore_page",
    ),
    "a table for everybody": (
        "GRANT SELECT ON m212172.wagtailcore_page TO PUBLIC",
        "Everybody (PUBLIC) may SELECT on m212172.wagtailcore_page",
    ),
    "a sequence for a municipality": (
        "GRANT UPDATE ON SEQUENCE m042056.taggit_tag_id_seq TO furusato_m042056",
        "furusato_m042056 may UPDATE on m042056.taggit_tag_id_seq",
    ),
    "the shared schema for everybody": (
        "GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC",
        "Everybody (PUBLIC) may CREATE in the schema public",
    ),
    "the guard for everybody": (
        "GRANT USAGE ON SCHEMA guard TO PUBLIC",
        "Everybody (PUBLIC) may USAGE in the schema guard",
    ),
    "a database open to everybody": (
        "DO $$ BEGIN EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO PUBLIC',"
        " current_database()); END $$",
        "Everybody (PUBLIC) may TEMPORARY on the database",
    ),
    "tables to come, for everybody": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA m042056 GRANT SELECT ON TABLES TO PUBLIC",
        "in m042056 is given to everybody (PUBLIC): SELECT",
    ),
    "tables to come, for another municipality": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA m042056 GRANT SELECT ON TABLES TO furusato_m212172",
        "in m042056 is given to furusato_m212172: SELECT",
    ),
    "tables to come, wherever": (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO furusato_app",
        "in any schema is given to furusato_app: SELECT",
    ),
}
# What only the server's superuser can do.
PLANTED_BY_SUPERUSER = {
    "a login that row security does not hold": (
        "ALTER ROLE furusato_run BYPASSRLS",
        "furusato_run is BYPASSRLS",
    ),
    "a login that is superuser": (
        "ALTER ROLE furusato_desk SUPERUSER",
        "furusato_desk is superuser",
    ),
    "a municipality that row security does not hold": (
        "ALTER ROLE furusato_m042056 BYPASSRLS",
        "furusato_m042056 is BYPASSRLS",
    ),
    "a login that reads everything": (
        "GRANT pg_read_all_data TO furusato_run",
        "furusato_run is a member of pg_read_all_data",
    ),
    "a login that owns a table": (
        "ALTER TABLE m042056.wagtailcore_page OWNER TO furusato_run",
        "furusato_run owns something: table m042056.wagtailcore_page",
    ),
    "a login that owns a function": (
        "CREATE FUNCTION public.one() RETURNS integer LANGUAGE sql RETURN 1;"
        "ALTER FUNCTION public.one() OWNER TO furusato_run",
        "furusato_run owns something: function one()",
    ),
    "a foreign table": (
        "CREATE FOREIGN DATA WRAPPER far; CREATE SERVER there FOREIGN DATA WRAPPER far;"
        "CREATE FOREIGN TABLE m042056.abroad (body text) SERVER there",
        "foreign table m042056.abroad",
    ),
}


@pytest.fixture
def as_superuser(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """A transaction of the server's superuser, taken back at the end."""
    with django_db_blocker.unblock(), logged_in_as(SUPERUSER):  # type: ignore[attr-defined]
        try:
            connection.ensure_connection()
        except OperationalError as error:
            pytest.skip(f"this server has no superuser for us: {error}")
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def plant(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_nothing_is_wrong_with_the_prepared_database(db: None) -> None:
    assert faults() == []


@pytest.mark.parametrize("login", [RUN, DESK])
def test_a_run_time_login_sees_nothing_wrong_either(
    django_db_setup: None, django_db_blocker: object, login: str
) -> None:
    with django_db_blocker.unblock(), logged_in_as(login):  # type: ignore[attr-defined]
        assert faults() == []
        assert extent().tables > 30


def test_a_run_time_login_sees_what_is_wrong(own_database: str) -> None:
    plant("CREATE VIEW m042056.everybody AS SELECT * FROM public.accounts_user")
    with logged_in_as(RUN):
        assert [fault for fault in faults() if "m042056.everybody" in fault]


@pytest.mark.parametrize(("statement", "named"), PLANTED.values(), ids=PLANTED)
def test_what_the_owner_plants_is_named(db: None, statement: str, named: str) -> None:
    plant(statement)
    found = faults()
    assert any(named in fault for fault in found), found


@pytest.mark.parametrize(
    ("statement", "named"), PLANTED_BY_SUPERUSER.values(), ids=PLANTED_BY_SUPERUSER
)
def test_what_a_superuser_plants_is_named(as_superuser: None, statement: str, named: str) -> None:
    plant(statement)
    found = faults()
    assert any(named in fault for fault in found), found


def test_a_process_that_runs_as_superuser_is_named(as_superuser: None) -> None:
    assert f"The role {SUPERUSER} is superuser." in faults()


def test_a_database_without_a_wall_is_told_so(db: None) -> None:
    plant("ALTER SCHEMA guard RENAME TO guarded")
    assert faults() == ["There is no schema guard: the wall was never raised."]


def test_the_check_leaves_nothing_behind(db: None) -> None:
    faults()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = pg_my_temp_schema()")
        assert cursor.fetchone() == (0,)


def test_the_command_says_how_much_holds(db: None) -> None:
    out = StringIO()
    call_command("check_isolation", stdout=out)
    held = extent()
    assert out.getvalue() == (
        f"Isolation holds: {held.tables} tables, {held.roles} roles, {held.functions} functions.\n"
    )
    assert held.functions == 21


def test_the_command_fails_with_a_line_for_each_fault(db: None) -> None:
    plant("GRANT SELECT ON m212172.wagtailcore_page TO PUBLIC, furusato_m042056")
    out = StringIO()
    with pytest.raises(CommandError, match="2 faults") as raised:
        call_command("check_isolation", stdout=out)
    assert raised.value.returncode == 1
    assert len(out.getvalue().splitlines()) == 2


def test_a_schema_that_lacks_a_personal_table_is_let_in_and_walled_once_it_has_it(db):
    """A release brings a table: the wall is raised before and after schemas are migrated."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE m042056.community_post RENAME TO not_there_yet")
            cursor.execute("DROP POLICY here ON m042056.not_there_yet")
        raise_wall()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE m042056.not_there_yet RENAME TO community_post")
        assert any("m042056.community_post" in fault for fault in faults())
        raise_wall()
        assert not any("m042056" in fault for fault in faults())
        transaction.set_rollback(True)
