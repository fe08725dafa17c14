"""What SQL that somebody injects can make of a run-time login: nothing more than it was.

Another role, other claims, objects of its own, another search path, transactions that are undone,
connections that others have used. What a query without a filter gives: `test_wall.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, transaction

from attendance.models import ParticipationRecord, SignUp
from certificates.models import Certificate
from registration.models import Registration, RegistrationEvent
from tenants.actors import (
    RECEPTION,
    VISITOR,
    Actor,
    ActorKind,
    acting,
    bearer,
    operator,
    signed_in,
    staff,
    worker,
)
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.operations.wall import personal_tables
from tenants.postgresql import claims
from tenants.postgresql.connection import connection
from tests.conftest import HIDA, KESENNUMA
from tests.isolation.access_world import World
from tests.isolation.logins import DESK, RUN, at_run_time, connect_as, logged_in_as
from tests.isolation.places import Place, changed, place_of, refused, rows
from tests.isolation.shared_rows import ALL, DENIED, ROWS

KEY = bytes(connection.settings_dict["WALL"]["KEY"])
NEVER_WRITTEN = {"staff_directpermission"}


# Injected: the role, the claims


def seen() -> dict[str, int]:
    """How many rows of each shared table there are to be read, where any are."""
    return {
        table: len(rows(f"SELECT FROM public.{table}"))
        for table, known in ROWS.items()
        if known.read != DENIED
    }


@pytest.mark.parametrize("role", ["furusato_m212172", "furusato_m040002", "furusato_app"])
def test_an_injected_role_shows_nothing_more_of_shared_tables(
    kesennuma_staff: Place, role: str
) -> None:
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        before = seen()
        rows("SELECT set_config('role', %s, false)", [role])
        assert rows("SELECT current_user::text") == [(role,)]
        assert seen() == before
        assert Registration.objects.exclude(municipality_id=KESENNUMA).count() == 0


@pytest.mark.parametrize("table", personal_tables())
def test_an_injected_role_shows_nobody_of_its_municipality(
    world: World, kesennuma_staff: Place, table: str
) -> None:
    theirs = f"{world.there.schema_name}.{table}"
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        rows("SELECT set_config('role', %s, false)", [f"furusato_{world.there.schema_name}"])
        assert rows("SELECT count(*) > 0 FROM m212172.wagtailcore_page") == [(True,)]
        assert rows(f"SELECT * FROM {theirs}") == []
        assert changed(f"DELETE FROM {theirs}") == 0
    with at_run_time(VISITOR, world.there):
        # Where one really is, there are some: of each kind, unless nobody ever writes it.
        assert rows(f"SELECT * FROM {theirs}") or table in NEVER_WRITTEN


def test_a_role_that_is_reset_reads_nothing(kesennuma_staff: Place) -> None:
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        assert Registration.objects.exists()
        for table in [*(f"public.{table}" for table in ROWS), "m042056.wagtailcore_page"]:
            with refused():
                rows("RESET ROLE")
                rows(f"SELECT * FROM {table}")
        rows("RESET ROLE")
        with pytest.raises(ProgrammingError):
            Registration.objects.exists()


@pytest.mark.parametrize("at", ["", KESENNUMA])
def test_without_an_actor_nothing_is_read(world: World, at: str) -> None:
    with at_run_time(None, world.here if at else None):
        for table in ROWS:
            with refused():
                rows(f"SELECT * FROM public.{table}")
        with refused():
            rows("SELECT * FROM m042056.wagtailcore_page")
        with pytest.raises(ProgrammingError):
            Municipality.objects.exists()


@pytest.mark.parametrize(
    "role", ["furusato_operator", "furusato", "furusato_desk", "postgres", "pg_read_all_data"]
)
def test_the_run_login_becomes_nobody_else(kesennuma_staff: Place, role: str) -> None:
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        with refused():
            rows(f"SET ROLE {role}")
        with refused():
            rows(f"SET SESSION AUTHORIZATION {role}")
        with refused():
            rows("RESET ROLE")
            rows(f"SET ROLE {role}")


@pytest.mark.parametrize("role", ["furusato_m042056", "furusato_app", "furusato", "furusato_run"])
def test_the_operator_s_login_becomes_no_municipality(world: World, role: str) -> None:
    with at_run_time(operator(world.people["operator"].pk)):
        assert rows("SELECT current_user::text") == [("furusato_operator",)]
        with refused():
            rows(f"SET ROLE {role}")


def test_the_operator_sees_nothing_of_residents(world: World) -> None:
    with at_run_time(operator(world.people["operator"].pk)):
        assert rows("SELECT count(*) > 0 FROM tenants_participationrequest") == [(True,)]
        for table in ("registration_registration", "attendance_participationrecord"):
            assert rows(f"SELECT count(*) FROM {table}") == [(0,)]
        with refused():
            rows("SELECT * FROM m042056.wagtailcore_page")


def test_the_operator_s_claims_are_of_no_use_to_the_run_login(world: World) -> None:
    actor = operator(world.people["operator"].pk)
    with at_run_time(VISITOR, world.here):
        claim(claims.sign(actor, "", KEY))
        assert rows("SELECT * FROM public.tenants_participationrequest") == []
        with refused():
            rows("SELECT * FROM public.tenants_requestnote")


def claim(value: str) -> None:
    rows("SELECT set_config('guard.claims', %s, false)", [value])


def good_claims(place: Place) -> str:
    return claims.sign(place.actor, place.municipality.code, KEY)


FORGED = {
    "another municipality": lambda said: said.replace("staff;042056", "staff;212172"),
    "another kind": lambda said: said.replace("staff;", "reception;"),
    "a resident": lambda said: said.replace(";;;", ";1;;", 1),
    "a later end": lambda said: said.replace("!", "0!"),
    "truncated": lambda said: said[:-1],
    "no signature": lambda said: said.partition("!")[0],
    "an empty signature": lambda said: said.partition("!")[0] + "!",
    "the signature alone": lambda said: "!" + said.partition("!")[2],
    "the signature in capitals": lambda said: said[:-64] + said[-64:].upper(),
    "nonsense": lambda said: "staff",
    "nothing but the separator": lambda said: "!",
    "another key": lambda said: claims.sign(staff(1, KESENNUMA), KESENNUMA, b"another key" * 4),
    "an empty key": lambda said: claims.sign(staff(1, KESENNUMA), KESENNUMA, b""),
    "expired": lambda said: claims.sign(
        staff(1, KESENNUMA), KESENNUMA, KEY, claims.clock() - claims.LIFETIME_SECONDS - 1
    ),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_claims_that_do_not_hold_are_an_error(kesennuma_staff: Place, forge: Any) -> None:
    good = good_claims(kesennuma_staff)
    assert forge(good) != good
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        for table in ("registration_registration", "accounts_user", "django_session"):
            with refused():
                claim(forge(good))
                rows(f"SELECT * FROM public.{table}")
        claim(good)
        assert Registration.objects.exists()


@pytest.mark.parametrize("wiped", ["SELECT set_config('guard.claims', '', false)", "RESET ALL"])
def test_without_claims_there_are_no_rows(kesennuma_staff: Place, wiped: str) -> None:
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        rows(wiped)
        found = seen()
    assert {table for table, number in found.items() if number} <= {
        table for table, known in ROWS.items() if known.read == ALL
    }


@pytest.mark.parametrize(
    "actor",
    [
        VISITOR,
        RECEPTION,
        worker(),
        bearer("NOTACERTIFICATE"),
        Actor(ActorKind.PLATFORM),
        Actor(ActorKind.OWNER),
        Actor(ActorKind.OPERATOR),
        signed_in(0),
    ],
    ids=lambda actor: actor.kind.value,
)
def test_claims_of_another_kind_show_no_registration(world: World, actor: Actor) -> None:
    with at_run_time(VISITOR, world.here):
        claim(claims.sign(actor, world.here.code, KEY))
        for model in (Registration, RegistrationEvent, SignUp, ParticipationRecord, Certificate):
            assert model._base_manager.count() == 0, model


def test_no_connection_reads_the_claims_of_another(kesennuma_staff: Place) -> None:
    """`pg_stat_activity` shows a login the statements of all connections under the same login."""
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        with connection.cursor():  # opening it sets role, path and claims, and nothing since
            backend = connection.connection.info.backend_pid
            with connect_as(RUN) as spy:
                found = spy.execute(
                    "SELECT query FROM pg_stat_activity WHERE pid = %s", [backend]
                ).fetchone()
    assert found is not None
    assert "set_config" in found[0]
    assert "staff" not in found[0]


@pytest.mark.parametrize("login", [RUN, DESK])
def test_nobody_reads_the_key(world: World, login: str) -> None:
    with logged_in_as(login):
        roles = [
            role
            for (role,) in rows(
                "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
                " AND set_option AND roleid::regrole::text !~ 'm(0[1-35-9]|[1-35-9]|4)'",
                [login],
            )
        ]
        assert roles
        for role in ["none", *roles]:
            for statement in (
                "SELECT * FROM guard.key",
                "INSERT INTO guard.key VALUES ('', '')",
                "DELETE FROM guard.key",
                "SELECT * FROM guard.raised",
            ):
                rows("SELECT set_config('role', %s, false)", [role])
                with refused():
                    rows("SELECT set_config('role', %s, false)", [role])
                    rows(statement)


# Nothing can be made, so no name means something else than it says


MADE = [
    "CREATE SCHEMA mine",
    "CREATE TABLE {}.mine (body text)",
    "CREATE TEMPORARY TABLE registration_registration (body text)",
    "CREATE VIEW {}.mine AS SELECT 1",
    "CREATE TEMPORARY VIEW mine AS SELECT 1",
    "CREATE SEQUENCE {}.mine",
    "CREATE TYPE {}.mine AS (body text)",
    "CREATE DOMAIN {}.varchar AS text",
    "CREATE FUNCTION {}.municipality() RETURNS text LANGUAGE sql RETURN '212172'",
    "CREATE FUNCTION pg_temp.municipality() RETURNS text LANGUAGE sql RETURN '212172'",
    "CREATE FUNCTION {}.lower(text) RETURNS text LANGUAGE sql RETURN 'x'",
    "CREATE AGGREGATE {}.mine(text) (SFUNC = textcat, STYPE = text)",
    "CREATE OPERATOR {}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.textne)",
    "CREATE EXTENSION dblink SCHEMA {}",
    "CREATE POLICY mine ON public.registration_registration USING (true)",
    "ALTER POLICY app_select ON public.registration_registration USING (true)",
    "ALTER TABLE public.registration_registration DISABLE ROW LEVEL SECURITY",
    "CREATE RULE mine AS ON INSERT TO m042056.wagtailcore_page DO NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON m042056.taggit_tag EXECUTE FUNCTION tsvector_update()",
    "ALTER FUNCTION guard.claim(integer) RESET search_path",
    "ALTER ROLE furusato_run BYPASSRLS",
    "ALTER ROLE furusato_m042056 LOGIN",
    "GRANT furusato_operator TO furusato_run",
    "CREATE ROLE mine",
    "COPY m042056.wagtailcore_page TO PROGRAM 'cat'",
    "COPY m042056.wagtailcore_page FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SET session_replication_role = 'replica'",
    "TRUNCATE m042056.wagtailcore_page",
    "LOCK TABLE m212172.wagtailcore_page IN SHARE MODE",
]


@pytest.mark.parametrize("role", ["furusato_m042056", "furusato_app", "none"])
@pytest.mark.parametrize("statement", MADE)
def test_nothing_can_be_made(kesennuma_staff: Place, statement: str, role: str) -> None:
    for schema in ("m042056", "public", "guard") if "{}" in statement else ("",):
        with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
            with refused():
                rows("SELECT set_config('role', %s, false)", [role])
                rows(statement.format(schema))


@pytest.mark.parametrize(
    "path", ["pg_temp, public", "m212172, public", "m212172, m042056, public", "pg_temp, guard"]
)
def test_another_search_path_leads_nowhere(kesennuma_staff: Place, path: str) -> None:
    """Policies and the guard's functions name their schemas, whatever the path."""
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        before = seen()
        rows("SELECT set_config('search_path', %s, false)", [path])
        assert seen() == before


# Transactions


def set_now() -> tuple[str, str, str]:
    """The role, the path, and of the claims who acts where."""
    [(role, path, says)] = rows(
        "SELECT current_user::text, current_setting('search_path'),"
        " current_setting('guard.claims', true)"
    )
    kind, municipality, *_ = f"{says};".split(";")
    return role, path.replace('"', ""), f"{kind} {municipality}".strip()


AT_HIDA = ("furusato_m212172", "m212172,public", "staff 212172")
AT_KESENNUMA = ("furusato_m042056", "m042056,public", "staff 042056")


class Undone(Exception):
    """Ends a transaction, as any error would."""


def test_after_a_rollback_everything_is_set_anew(world: World) -> None:
    here, there = place_of(world, "here"), place_of(world, "there")
    with at_run_time(here.actor, here.municipality):
        assert set_now() == AT_KESENNUMA
        with acting(there.actor), municipality_context(there.municipality):
            with pytest.raises(Undone), transaction.atomic():
                assert set_now() == AT_HIDA
                raise Undone
            assert set_now() == AT_HIDA
            assert Registration.objects.exclude(municipality=HIDA).count() == 0
        assert set_now() == AT_KESENNUMA


def test_a_switch_that_was_rolled_back_is_not_taken_for_done(world: World) -> None:
    here, there = place_of(world, "here"), place_of(world, "there")
    with at_run_time(here.actor, here.municipality), acting(here.actor):
        with pytest.raises(Undone), transaction.atomic():
            set_now()
            connection.set_tenant(there.municipality)
            with acting(there.actor):
                assert set_now() == AT_HIDA
            raise Undone
        with acting(there.actor):
            assert set_now() == AT_HIDA
        connection.set_tenant(here.municipality)


@pytest.mark.parametrize("failing", [True, False])
def test_after_a_savepoint_s_rollback_everything_is_set_anew(world: World, failing: bool) -> None:
    here, there = place_of(world, "here"), place_of(world, "there")
    with at_run_time(here.actor, here.municipality), transaction.atomic():
        assert set_now() == AT_KESENNUMA
        with pytest.raises((Undone, ProgrammingError)), transaction.atomic():
            with acting(there.actor), municipality_context(there.municipality):
                assert set_now() == AT_HIDA
                if failing:
                    rows("SELECT * FROM m042056.wagtailcore_page")
                raise Undone
        assert set_now() == AT_KESENNUMA
        with acting(there.actor), municipality_context(there.municipality):
            with pytest.raises(Undone), transaction.atomic():
                raise Undone
            assert set_now() == AT_HIDA
        assert set_now() == AT_KESENNUMA


def test_a_lost_connection_begins_with_nothing(world: World) -> None:
    here = place_of(world, "here")
    with at_run_time(here.actor, here.municipality):
        assert set_now() == AT_KESENNUMA
        connection.close()
        assert set_now() == AT_KESENNUMA
        with acting(None):
            assert set_now() == (RUN, "m042056,public", "")


def test_long_work_is_signed_anew(kesennuma_staff: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        [(first,)] = rows("SELECT current_setting('guard.claims')")
        later = claims.clock() + claims.RENEWAL_SECONDS
        monkeypatch.setattr(claims, "clock", lambda: later)
        [(second,)] = rows("SELECT current_setting('guard.claims')")
    assert first != second


# The pool

LEFT = {
    "nothing": "SELECT 1",
    "no role": "RESET ROLE",
    "another's role": "SELECT set_config('role', 'furusato_m212172', false)",
    "an open transaction": "BEGIN",
    "a broken transaction": "BEGIN; DO $$ BEGIN RAISE 'broken'; END $$",
    "an open cursor": "DECLARE kept CURSOR WITH HOLD FOR SELECT * FROM registration_registration",
    "a lock": "SELECT pg_advisory_lock(1)",
    "a clock that goes wrong": "SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
    "a channel": "LISTEN everything",
}


@pytest.fixture
def pooled(module_database: str) -> Iterator[Any]:
    """A second connection of Django's, out of a pool that holds a single one."""
    wrapper = connection.copy("pooled")
    wrapper.settings_dict["USER"] = RUN
    wrapper.settings_dict["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1, "timeout": 10}
    yield wrapper
    wrapper.close()
    wrapper.pool.wait()  # what is on its way back is not closed with the pool
    wrapper.close_pool()


@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_the_next_to_borrow_a_connection_finds_nothing_on_it(
    kesennuma_staff: Place, pooled: Any, left: str
) -> None:
    pooled.set_tenant(kesennuma_staff.municipality)
    with acting(kesennuma_staff.actor):
        with pooled.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), count(*) > 0 FROM registration_registration")
            backend, any_seen = cursor.fetchone()
            assert any_seen
        with suppress(psycopg.errors.RaiseException):
            pooled.connection.execute(left)
    pooled.close()
    with pooled.pool.connection() as borrowed:
        found = borrowed.execute(
            "SELECT current_user::text, current_setting('search_path'),"
            " current_setting('guard.claims', true), current_setting('TimeZone'),"
            " (SELECT count(*) FROM pg_cursors WHERE name = 'kept'),"
            " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = %s),"
            " (SELECT count(*) FROM pg_listening_channels())",
            [backend],
        ).fetchone()
        assert borrowed.info.backend_pid == backend or "BEGIN" in left
    assert found == (RUN, "", "", pooled.timezone_name, 0, 0, 0)


def test_the_next_request_without_an_actor_reads_nothing(
    kesennuma_staff: Place, pooled: Any
) -> None:
    pooled.set_tenant(kesennuma_staff.municipality)
    with acting(kesennuma_staff.actor), pooled.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registration_registration")
    pooled.close()
    pooled.set_schema_to_public()
    with pooled.cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("SELECT * FROM public.registration_registration")
