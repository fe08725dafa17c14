"""`kill -9` in the middle of provisioning and of migrating: nothing is ever half there."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tenants.models import LocalGovernment, Municipality
from tenants.operations import migrate
from tenants.operations.migrate import (
    migrate_municipalities,
    migrate_shared,
    municipalities_behind,
)
from tenants.operations.provision import provision, provision_next
from tenants.signals import municipality_provisioned
from tests.factories.tenants import approved_request
from tests.forks import Forked

TENANTS, KILLS = 30, 5


def migrate_slowly(say: Callable[[str], None]) -> None:
    """As a deployment does, but each municipality takes a moment, so that kills hit the middle."""
    usual = migrate.migrate_municipality

    def slow(one: Any, steps: Any) -> None:
        say(one.municipality.code)
        time.sleep(0.05)
        usual(one, steps)

    migrate.migrate_municipality = slow
    migrate_municipalities(jobs=2)


def provision_and_linger(say: Callable[[str], None]) -> None:
    def linger(**kwargs: Any) -> None:
        say("in the middle")
        time.sleep(120)

    municipality_provisioned.connect(linger, weak=False)
    provision_next()


def state_of(schema: str) -> tuple[set[str], bool, Any]:
    """Migrations of `pages` applied, whether the new column is there, and its first value."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {schema}.django_migrations WHERE app = 'pages'")
        applied = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_schema = %s"
            " AND table_name = 'pages_homepage' AND column_name = 'fax')",
            [schema],
        )
        (has_column,) = cursor.fetchone()
        value = None
        if has_column:
            cursor.execute(f"SELECT fax FROM {schema}.pages_homepage")
            (value,) = cursor.fetchone()
    return applied, has_column, value


def test_a_migration_killed_five_times_goes_on_and_leaves_nobody_half_migrated(
    own_database: str, settings: Any
) -> None:
    there = Municipality.objects.count()
    governments = LocalGovernment.objects.filter(municipality=None).order_by("code")
    for government in governments[: TENANTS - there]:
        provision(approved_request(government.pk))
    settings.MIGRATION_MODULES = {"pages": "tests.migrations.python"}
    migrate_shared()
    dice = random.Random(20261124)
    left = [TENANTS]
    for _kill in range(KILLS):
        deployment = Forked(migrate_slowly)
        for _municipality in range(dice.randint(1, 4)):
            deployment.hear()
        time.sleep(dice.uniform(0, 0.05))
        deployment.kill()
        for municipality in Municipality.objects.all():
            applied, has_column, value = state_of(municipality.schema_name)
            if has_column:
                assert applied == {"0001_initial", "0002_fax", "0003_fill"}
                assert value == municipality.name, "the rows were filled in with it"
            else:
                assert applied == {"0001_initial"}
        left.append(len(municipalities_behind()))
    assert left == sorted(left, reverse=True), "what was done stays done"
    assert 0 < left[-1] < TENANTS, "the kills hit the middle"
    assert migrate_municipalities(jobs=2).failed == {}
    assert municipalities_behind() == []


def test_provisioning_killed_in_the_middle_leaves_nothing_and_is_done_by_the_next(
    own_database: str,
) -> None:
    request = approved_request("044016")
    worker = Forked(provision_and_linger)
    assert worker.hear() == "in the middle"
    assert provision_next() is None, "the living worker holds the request"
    worker.kill()
    deadline = time.monotonic() + 30
    while not (done := provision_next()) and time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regnamespace('m044016')")
            assert cursor.fetchone() == (None,)
        time.sleep(0.2)
    assert done == request
    assert Municipality.objects.filter(pk="044016").count() == 1


@pytest.mark.parametrize("code", ["042056"])
def test_a_municipality_busy_for_long_is_tried_later_and_keeps_nobody_waiting(
    own_database: str, settings: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(migrate, "_LOCK_TIMEOUT", "200ms")
    settings.MIGRATION_MODULES = {"pages": "tests.migrations.expand"}
    migrate_shared()
    visitor = connection.copy()
    with visitor.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f'SELECT * FROM "m{code}".pages_homepage')
        summary = migrate_municipalities(jobs=2)
        cursor.execute("ROLLBACK")
    visitor.close()
    assert list(summary.failed) == [code]
    assert "lock timeout" in summary.failed[code]
    assert len(summary.migrated) == 3
    assert migrate_municipalities().migrated == [code]
