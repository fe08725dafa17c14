"""Setting up one municipality, from its approved request to its front page.

Measures `tenants.operations.provision.provision`: schema, tables, rows, names, host, roles'
rights, first pages and the first invitation, in one transaction. Beside it, in the same run,
the stock way: django-tenants migrating an empty schema (`migrate_schemas`), which makes the
tables and nothing of what a municipality begins with. `ratio` is stock by ours.
"""

from __future__ import annotations

import argparse
import time

from django.core.management import call_command

from benchmarks.figures import Report, median
from benchmarks.nation import grow_to, prepare
from tenants.postgresql.connection import connection

OURS, STOCK = 20, 3


def measure(report: Report, options: argparse.Namespace) -> None:
    prepare()
    grow_to(2)  # the template's statements are read and the tables' plans made
    ours = median(grow_to(2 + OURS))
    stock = median([_stock(f"stock_{number}") for number in range(STOCK)])
    report.add("seconds", ours, "s", f"median of {OURS}")
    report.add("stock_seconds", stock, "s", f"tables alone, median of {STOCK}")
    report.add("ratio", stock / ours, "times")


def _stock(schema: str) -> float:
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
    call_command("migrate_schemas", tenant=True, schema_name=schema, interactive=False, verbosity=0)
    connection.set_schema_to_public()
    return time.perf_counter() - started
