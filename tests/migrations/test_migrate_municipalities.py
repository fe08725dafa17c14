"""A new release's migrations reach every municipality, each whole, whatever happens between."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from common.refusal import Refused
from tenants.models import Municipality
from tenants.operations import migrate as operation
from tenants.operations.capture import captured
from tenants.operations.migrate import migrate_municipalities, migrate_shared, municipalities_behind

CODES = ["040002", "042056", "210005", "212172"]


@pytest.fixture
def release(own_database: str, settings: Any) -> Any:
    """`release("expand")`: from now on the migrations of `pages` are those of a later release."""

    def take(name: str) -> None:
        settings.MIGRATION_MODULES = {"pages": f"tests.migrations.{name}"}
        migrate_shared()  # as a deployment does first

    return take


def rows(schema: str, query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query.format(schema=f'"{schema}"'))
        return cursor.fetchall()


def applied(schema: str) -> set[str]:
    query = "SELECT name FROM {schema}.django_migrations WHERE app = 'pages'"
    return {name for (name,) in rows(schema, query)}


def test_a_column_and_a_table_reach_every_municipality(release) -> None:
    assert municipalities_behind() == []
    release("expand")
    behind = municipalities_behind()
    assert [one.municipality.code for one in behind] == CODES
    assert {one.missing for one in behind} == {(("pages", "0002_fax"),)}
    seen: list[tuple[int, int]] = []
    summary = migrate_municipalities(jobs=2, progress=lambda n, total, _code: seen.append((n, total)))
    assert sorted(summary.migrated) == CODES
    assert summary.failed == {}
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert municipalities_behind() == []
    for code in CODES:
        assert rows(f"m{code}", "SELECT fax FROM {schema}.pages_homepage") == [("100 %",)]
        assert rows(f"m{code}", "SELECT count(*) FROM {schema}.pages_motto") == [(0,)]
        codenames = rows(
            f"m{code}", "SELECT codename FROM {schema}.auth_permission WHERE codename ~ 'motto'"
        )
        assert ("add_motto",) in codenames
    names = {
        code: rows(
            f"m{code}",
            "SELECT conname FROM pg_constraint WHERE conrelid = '{schema}.pages_motto'::regclass"
            " ORDER BY 1",
        )
        for code in [*CODES, "_template"]
    }
    assert len({tuple(found) for found in names.values()}) == 1


def test_what_works_with_rows_is_done_in_each_municipality(release) -> None:
    release("python")
    assert migrate_municipalities().failed == {}
    assert ("pages", "0002_fax") in captured()
    assert ("pages", "0003_fill") not in captured()
    for municipality in Municipality.objects.all():
        found = rows(municipality.schema_name, "SELECT fax FROM {schema}.pages_homepage")
        assert found == [(municipality.name,)]


def test_a_municipality_that_fails_stays_as_it_was_and_the_others_go_on(release) -> None:
    release("expand")
    with connection.cursor() as cursor:
        cursor.execute('CREATE TABLE "m212172".pages_motto (id int)')
    out = io.StringIO()
    with pytest.raises(CommandError, match="212172: ProgrammingError"):
        call_command("migrate_municipalities", stdout=out)
    assert "3 migrated, 1 failed" in out.getvalue()
    assert applied("m212172") == {"0001_initial"}
    assert applied("m042056") == {"0001_initial", "0002_fax"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'm212172'"
            " AND table_name = 'pages_homepage' AND column_name = 'fax'"
        )
        assert cursor.fetchone() == (0,), "the column of the same migration is not there either"
        cursor.execute('DROP TABLE "m212172".pages_motto')
    call_command("migrate_municipalities", stdout=out)
    assert municipalities_behind() == []


def test_only_one_municipality(release) -> None:
    release("expand")
    assert migrate_municipalities(only=["042056"]).migrated == ["042056"]
    assert [one.municipality.code for one in municipalities_behind()] == [
        code for code in CODES if code != "042056"
    ]


def test_a_dry_run_changes_nothing(release) -> None:
    release("expand")
    out = io.StringIO()
    call_command("migrate_municipalities", "--dry-run", stdout=out)
    assert "042056 宮城県気仙沼市: pages.0002_fax" in out.getvalue()
    assert len(municipalities_behind()) == 4
    assert captured() == {}


def test_what_would_break_running_code_is_refused_unless_it_says_why(release) -> None:
    release("dangerous")
    with pytest.raises(Refused) as refusal:
        migrate_municipalities()
    (found,) = refusal.value.data["migrations"].items()  # type: ignore[attr-defined]
    name, dangers = found
    assert name == "pages.0002_contract"
    assert len(dangers) == 3
    assert "fax" in dangers[1]
    assert applied("m042056") == {"0001_initial"}
    with pytest.raises(CommandError, match="breaks_running_code_because"):
        call_command("migrate_municipalities")


def test_the_second_waits_for_the_first(release, monkeypatch) -> None:
    release("expand")
    inside, go_on = threading.Event(), threading.Event()
    usual = operation.migrate_municipality

    def slow(one, steps):
        inside.set()
        assert go_on.wait(60)
        usual(one, steps)

    monkeypatch.setattr(operation, "migrate_municipality", slow)
    done: list[Any] = []

    def run() -> None:
        try:
            done.append(migrate_municipalities())
        finally:
            connection.close()

    first, second = threading.Thread(target=run), threading.Thread(target=run)
    first.start()
    assert inside.wait(60)
    second.start()
    second.join(1)
    assert second.is_alive(), "it waits"
    go_on.set()
    first.join()
    second.join()
    assert sorted(len(summary.migrated) for summary in done) == [0, 4]
