"""A deployment that adds a column to a table of every municipality.

Measures `migrate_municipalities` over `--tenants` municipalities (default 100), two at a time
as by default, the template's own migration included; and once more when there is nothing to
do. Beside it, in the same run, the stock way on a few of them: django-tenants'
`migrate_schemas`, one after the other. `ratio` is stock by ours, both for one municipality.
"""

from __future__ import annotations

import argparse
import time

from django.conf import settings
from django.core.management import call_command

from benchmarks.figures import Report, median
from benchmarks.nation import grow_to, prepare
from tenants.models import Municipality
from tenants.operations.migrate import (
    migrate_municipalities,
    migrate_shared,
    municipalities_behind,
)
from tenants.postgresql.connection import connection

STOCK = 5


def measure(report: Report, options: argparse.Namespace) -> None:
    tenants = max(options.tenants or [100])
    prepare()
    grow_to(tenants)
    settings.MIGRATION_MODULES = {"pages": "benchmarks.release"}
    migrate_shared()
    stock = [_stock(one.schema_name) for one in Municipality.objects.all()[:STOCK]]
    behind = len(municipalities_behind())
    started = time.perf_counter()
    summary = migrate_municipalities(jobs=2)
    ours = (time.perf_counter() - started) / behind
    if summary.failed:
        raise RuntimeError(summary.failed)
    started = time.perf_counter()
    call_command("migrate_municipalities")
    nothing = time.perf_counter() - started
    report.add("seconds_a_tenant", ours, "s", f"{behind} municipalities, two at a time")
    report.add("stock_seconds_a_tenant", median(stock), "s", f"median of {STOCK}")
    report.add("ratio", median(stock) / ours, "times")
    report.add("noop_seconds", nothing, "s", f"{tenants} municipalities, nothing to do")


def _stock(schema: str) -> float:
    started = time.perf_counter()
    call_command("migrate_schemas", tenant=True, schema_name=schema, interactive=False, verbosity=0)
    connection.set_schema_to_public()
    return time.perf_counter() - started
