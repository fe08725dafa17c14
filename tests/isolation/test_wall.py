"""What a run-time login can reach of another municipality, whatever our code asks for: nothing.

Each test works under the login of web and worker, on a connection of its own; SQL that no code of
ours contains stands for what an attacker might inject.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import override_settings

from attendance.models import ParticipationRecord, SignUp
from certificates.models import Certificate, CertificateFile
from registration.models import Registration, RegistrationEvent
from tenants.actors import (
    OPERATOR_RECEPTION,
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
from tenants.operations.wall import personal_tables, walls
from tenants.postgresql import claims
from tenants.postgresql.connection import connection
from tenants.staff.models import Membership
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.isolation.access_world import World, make_world
from tests.isolation.logins import DESK, RUN, at_run_time, connect_as, logged_in_as
from tests.isolation.shared_rows import ALL, DENIED, ROWS, fill_the_rest

KEY = bytes(connection.settings_dict["WALL"]["KEY"])
MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if (app := apps.get_app_config(model._meta.app_label).name) in settings.SHARED_APPS
    and app not in settings.TENANT_APPS
    and model._meta.managed
    and not model._meta.proxy
]

NEVER_WRITTEN = {"staff_directpermission"}


@dataclass(frozen=True)
class Place:
    """A municipality, one of its staff, and what the conditions of `ROWS` are asked with."""

    municipality: Municipality
    actor: Actor
    names: dict[str, Any]

    def count(self, table: str, condition: str) -> int:
        """Rows of a shared table, as the owner counts them."""
        [(number,)] = rows(f"SELECT count(*) FROM public.{table} WHERE {self.of(condition)}")
        return int(number)

    def of(self, condition: str) -> str:
        return condition.format(**self.names)


@pytest.fixture(scope="module")
def world(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two municipalities full of things, committed."""
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        made = make_world(here, there)
    fill_the_rest(made)
    connection.set_schema_to_public()
    return made


@pytest.fixture(params=["here", "there"])
def place(request: pytest.FixtureRequest, world: World) -> Place:
    """Each municipality in turn, as its administrator sees it."""
    return place_of(world, request.param)


@pytest.fixture
def kesennuma_staff(world: World) -> Place:
    return place_of(world, "here")


def place_of(world: World, which: str) -> Place:
    municipality = world.here if which == "here" else world.there
    account = world.people["administrator" if which == "here" else "elsewhere"].pk
    names = {
        "code": municipality.code,
        "schema": municipality.schema_name,
        "account": account,
    }
    return Place(municipality, staff(account, municipality.code), names)


def rows(statement: str, parameters: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall()) if cursor.description else []


def changed(statement: str, parameters: Any = None) -> int:
    """How many rows a statement changes, which is taken back at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        transaction.set_rollback(True)
        return int(cursor.rowcount)


@contextmanager
def refused() -> Iterator[None]:
    """What happens inside is refused for want of a right, by PostgreSQL itself."""
    with pytest.raises(ProgrammingError) as raised, transaction.atomic():
        yield
    assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege), raised.value


def key_of(table: str) -> str:
    [(column,)] = rows(
        "SELECT min(attname) FROM pg_index JOIN pg_attribute ON attrelid = indrelid"
        " AND attnum = indkey[0] WHERE indisprimary AND indrelid = %s::regclass",
        [f"public.{table}"],
    )
    return str(column)


# Municipalities' own schemas


@pytest.mark.parametrize("code", [MIYAGI, HIDA, GIFU, "_template"])
def test_another_municipality_s_schema_is_closed(kesennuma_staff: Place, code: str) -> None:
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        assert rows("SELECT count(*) > 0 FROM wagtailcore_page") == [(True,)]
        with refused():
            rows(f"SELECT * FROM m{code}.wagtailcore_page")
        with refused():
            rows(f"UPDATE m{code}.wagtailcore_page SET title = 'x'")


# Shared tables, without any filter


def test_every_shared_table_is_asked_about() -> None:
    declared = {wall.table for wall in walls()}
    assert set(ROWS) == declared
    assert {model._meta.db_table for model in MODELS} <= declared
    assert len(MODELS) > 20


def test_every_shared_table_holds_rows_of_others(place: Place) -> None:
    """Otherwise the tests below would show nothing."""
    lacking = [
        table
        for table, known in ROWS.items()
        if known.read != ALL and not place.count(table, f"NOT ({known.read or 'false'})")
    ]
    assert lacking == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_read_without_filter_gives_no_row_of_others(place: Place, model: Any) -> None:
    known = ROWS[model._meta.db_table]
    if known.read == DENIED:
        with at_run_time(place.actor, place.municipality), refused():
            model._base_manager.count()
        return
    own = place.count(model._meta.db_table, known.read)
    with at_run_time(place.actor, place.municipality):
        assert model._base_manager.count() == own


@pytest.mark.parametrize("table", ROWS)
def test_nor_does_raw_sql(place: Place, table: str) -> None:
    known = ROWS[table]
    own = place.count(table, known.read) if known.read else 0
    with at_run_time(place.actor, place.municipality):
        if known.read == DENIED:
            with refused():
                rows(f"SELECT * FROM public.{table}")
        else:
            assert len(rows(f"SELECT * FROM public.{table}")) == own


@pytest.mark.parametrize("table", ROWS)
def test_an_update_without_filter_reaches_no_row_of_others(place: Place, table: str) -> None:
    known, column = ROWS[table], key_of(table)
    statement = f"UPDATE public.{table} SET {column} = {column}"
    own = place.count(table, known.change) if known.change else 0
    with at_run_time(place.actor, place.municipality):
        if known.change == DENIED:
            with refused():
                changed(statement)
        else:
            assert changed(statement) == own


def blind_change_of(table: str) -> str:
    """A column that any constant fits, so that changing it needs no right to read."""
    [(column, value)] = rows(
        "SELECT attname, value FROM pg_attribute JOIN (VALUES ('timestamptz'::regtype, 'now()'),"
        " ('boolean', 'true'), ('integer', '1')) AS fits(type, value) ON type = atttypid"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conrelid = attrelid AND attnum = ANY (conkey)"
        " AND (contype IN ('p', 'u', 'f') OR (contype = 'c' AND type <> 'integer'::regtype)))"
        " ORDER BY attnum LIMIT 1",
        [f"public.{table}"],
    )
    return f"UPDATE public.{table} SET {column} = {value}"


@pytest.mark.parametrize("table", [table for table, known in ROWS.items() if known.change])
def test_nor_does_one_that_reads_nothing(place: Place, table: str) -> None:
    """Here the condition on reading is not asked, and that on changing stands alone."""
    statement, own = blind_change_of(table), place.count(table, ROWS[table].change)
    with at_run_time(place.actor, place.municipality):
        assert changed(statement) == own


@pytest.mark.parametrize("table", ROWS)
def test_a_delete_without_filter_reaches_no_row_of_others(place: Place, table: str) -> None:
    known = ROWS[table]
    own = place.count(table, known.delete) if known.delete else 0
    with at_run_time(place.actor, place.municipality):
        if known.delete == DENIED:
            with refused():
                changed(f"DELETE FROM public.{table}")
        else:
            assert changed(f"DELETE FROM public.{table}") == own


def put_in(table: str, row: dict[str, Any]) -> None:
    changed(
        f"INSERT INTO public.{table} SELECT * FROM jsonb_populate_record(NULL::public.{table}, %s)",
        [json.dumps(row)],
    )


@pytest.mark.parametrize("table", ROWS)
def test_no_row_of_others_can_be_put_in(place: Place, table: str) -> None:
    others = place.of(f"NOT ({ROWS[table].own})") if ROWS[table].own not in {ALL, DENIED} else ALL
    found = rows(f"SELECT to_jsonb(t) FROM public.{table} t WHERE {others} LIMIT 1")
    assert found or table in {"auth_group_permissions"}
    with at_run_time(place.actor, place.municipality):
        for (row,) in found:
            with refused():
                put_in(table, row if isinstance(row, dict) else json.loads(row))


# Organisations ask and answer, residents object, report and say a word; a municipality answers.
_PUT_BY_OTHERS = {
    "organisations_standingrequest",
    "attendance_objection",
    "attendance_participationreport",
    "attendance_voice",
    "attendance_voiceanswer",
}


@pytest.mark.parametrize(
    "table",
    [
        table
        for table, known in ROWS.items()
        if "municipality_id" in known.change and table not in _PUT_BY_OTHERS
    ],
)
def test_an_own_row_can_be_put_in_and_not_moved_to_another(place: Place, table: str) -> None:
    """The first for the difference: only the key stands in the way of one's own."""
    own = place.of(ROWS[table].change)
    [(row,)] = rows(f"SELECT to_jsonb(t) FROM public.{table} t WHERE {own} LIMIT 1")
    column = "entered_by_id" if table == "organisations_organisation" else "municipality_id"
    with at_run_time(place.actor, place.municipality):
        if column == "municipality_id":
            with pytest.raises(IntegrityError):
                put_in(table, row if isinstance(row, dict) else json.loads(row))
            with refused():
                changed(f"UPDATE public.{table} SET {column} = %s", [MIYAGI])


def test_the_answer_does_not_say_whether_another_s_row_is_there(kesennuma_staff: Place) -> None:
    """Refused before any key is looked at: a unique index is no oracle."""
    [(there,)] = rows(
        "SELECT to_jsonb(t) FROM registration_registration t WHERE municipality_id = %s LIMIT 1",
        [HIDA],
    )
    there = there if isinstance(there, dict) else json.loads(there)
    answers = []
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        for row in (there, {**there, "id": 999_999, "number": "X-1"}):
            with pytest.raises(ProgrammingError) as raised, transaction.atomic():
                put_in("registration_registration", row)
            answers.append(str(raised.value))
    assert answers[0] == answers[1]


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


# Whose rows are whose


def test_a_resident_sees_what_is_theirs_everywhere_and_nothing_else(world: World) -> None:
    resident, account = world.values["resident"], int(world.values["account"])
    models = (Registration, SignUp, ParticipationRecord, Certificate)
    own = {model: model.objects.filter(resident=resident).count() for model in models}
    places = set(
        Registration.objects.filter(resident=resident).values_list("municipality_id", flat=True)
    )
    assert places == {KESENNUMA, MIYAGI}
    assert own[ParticipationRecord] > 1, "one of them in 飛騨市"
    for municipality in (None, world.here, world.there):
        with at_run_time(signed_in(account, resident), municipality):
            for model in models:
                assert model._base_manager.count() == own[model] > 0
                assert not model._base_manager.exclude(resident=resident).exists()
            assert {int(pk) for (pk,) in rows("SELECT id FROM public.accounts_user")} == {account}
            assert rows("SELECT id::text FROM public.accounts_resident") == [(resident,)]


def test_a_resident_s_code_on_another_s_account_shows_no_more(world: World) -> None:
    """Both stand in the claims, and each opens its own rows only."""
    resident = world.values["resident"]
    with at_run_time(signed_in(world.people["other"].pk)):
        assert Registration.objects.count() == 0
        assert rows("SELECT id FROM accounts_resident WHERE id = %s", [resident]) == []


def test_staff_do_not_learn_where_else_their_resident_is(
    kesennuma_staff: Place, world: World
) -> None:
    resident = world.values["resident"]
    assert Registration.objects.filter(resident=resident).count() == 2
    assert ParticipationRecord.objects.filter(resident=resident, municipality=HIDA).exists()
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        for model in (Registration, SignUp, ParticipationRecord, Certificate):
            found = set(
                model._base_manager.filter(resident=resident).values_list(
                    "municipality_id", flat=True
                )
            )
            assert found == {KESENNUMA}, model
        events = RegistrationEvent.objects.values_list("registration__municipality_id", flat=True)
        assert set(events) == {KESENNUMA}
        assert rows("SELECT * FROM accounts_resident WHERE id = %s", [resident]) == []
        assert rows("SELECT * FROM accounts_user WHERE id = %s", [world.values["account"]]) == []


def test_whoever_holds_a_code_reads_one_certificate(world: World) -> None:
    code = world.values["certificate_code"]
    assert Certificate.objects.count() > 1
    with at_run_time(bearer(code)):
        assert [row.code for row in Certificate.objects.all()] == [code]
        assert CertificateFile.objects.count() == 1
        assert changed("UPDATE certificates_certificate SET code = code") == 0
        assert Registration.objects.count() == 0


def test_the_reception_reads_no_registrations(world: World) -> None:
    with at_run_time(RECEPTION, world.here):
        assert rows("SELECT count(*) > 0 FROM django_session") == [(True,)]
        for model in (Registration, RegistrationEvent, SignUp, ParticipationRecord, Certificate):
            assert model._base_manager.count() == 0


def test_the_operator_s_reception_reads_no_registrations(world: World) -> None:
    with at_run_time(OPERATOR_RECEPTION):
        for model in (Registration, RegistrationEvent, SignUp, ParticipationRecord, Certificate):
            assert model._base_manager.count() == 0


def test_a_visitor_changes_nothing_shared(world: World) -> None:
    with at_run_time(VISITOR, world.here):
        assert rows("SELECT count(*) > 0 FROM organisations_organisation") == [(True,)]
        for table, known in ROWS.items():
            if known.change != DENIED:
                column = key_of(table)
                assert changed(f"UPDATE public.{table} SET {column} = {column}") == 0, table
            if known.delete != DENIED:
                assert changed(f"DELETE FROM public.{table}") == 0, table


def test_the_shared_staff_tables_are_not_a_municipality_s(kesennuma_staff: Place) -> None:
    """The same name means another table: an operator's membership is nobody's else."""
    with at_run_time(kesennuma_staff.actor, kesennuma_staff.municipality):
        assert Membership.objects.count() == 3
        with refused():
            rows("INSERT INTO public.staff_membership SELECT * FROM m042056.staff_membership")


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
