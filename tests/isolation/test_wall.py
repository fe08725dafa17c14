"""What a run-time login can reach of another municipality, whatever our code asks for: nothing.

Each test works under the login of web and worker, on a connection of its own. What somebody tries
who has come so far as to inject SQL: `test_injection.py`.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, ProgrammingError, transaction

from attendance.models import ParticipationRecord, SignUp
from certificates.models import Certificate, CertificateFile
from registration.models import Registration, RegistrationEvent
from tenants.actors import (
    OPERATOR_RECEPTION,
    RECEPTION,
    VISITOR,
    bearer,
    signed_in,
)
from tenants.operations.wall import walls
from tenants.staff.models import Membership
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.isolation.access_world import World
from tests.isolation.logins import at_run_time
from tests.isolation.places import Place, changed, refused, rows
from tests.isolation.shared_rows import ALL, DENIED, ROWS

MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if (app := apps.get_app_config(model._meta.app_label).name) in settings.SHARED_APPS
    and app not in settings.TENANT_APPS
    and model._meta.managed
    and not model._meta.proxy
]


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
