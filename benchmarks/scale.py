"""The platform as the nation joins: front pages, database and memory at each `--tenants`.

Measures, at each number of municipalities, front pages of municipalities drawn by lot, over
HTTP at 8 connections; the database's size; the memory of one web process after that load and
of one database connection that has read the front page's tables of every municipality.
`p50_ratio` is the last median by the first. Comparable with any schema-per-tenant platform:
known reports end at 1,500 tenants. Not measured: editors at work, and disks that are cold.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Report, median, percentile
from benchmarks.load import Request, repeat_any
from benchmarks.nation import grow_to, prepare, renew_connection
from benchmarks.server import running
from tenants.actors import VISITOR, acting
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.models import Municipality
from tenants.postgresql.connection import connection

_MIB = 1024 * 1024


def measure(report: Report, options: argparse.Namespace) -> None:
    prepare()
    medians = []
    for number in options.tenants or [1, 10, 100]:
        grow_to(number)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        hosts = [municipality_host(one) for one in Municipality.objects.all()]
        process_ids: list[int] = []
        with running(process_ids) as port:
            repeat_any(_visits(hosts), port, min(3.0, options.seconds))
            outcome = repeat_any(_visits(hosts), port, options.seconds)
            web = max(_mib(pid, "VmRSS") for pid in _family(process_ids[0]))
        note = f"{number} municipalities, {outcome.errors} errors"
        medians.append(median(outcome.latencies_ms))
        report.add("p50_ms", medians[-1], "ms", note)
        report.add("p95_ms", percentile(outcome.latencies_ms, 0.95), "ms", note)
        report.add("per_second", outcome.per_second, "1/s", note)
        report.add("database_mb", _database_mib(), "MiB", note)
        report.add("backend_mb", _backend_mib(), "MiB", f"{note}, all of them read")
        report.add("web_mb", web, "MiB", f"{note}, the largest process")
    report.add("p50_ratio", medians[-1] / medians[0], "times", "last by first")


def _visits(hosts: list[str]) -> Iterator[Request]:
    while True:
        yield Request(random.choice(hosts), "/")


def _database_mib() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0] / _MIB


def _backend_mib() -> float:
    """What one connection holds once it has seen the pages of every municipality."""
    from wagtail.models import Page

    renew_connection()  # the old one has seen the municipalities being made
    for municipality in Municipality.objects.all():
        # Role and claims too, as a visitor's request would set them.
        with municipality_context(municipality), acting(VISITOR):
            [page.specific for page in Page.objects.filter(depth__gt=1)]
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return _mib(cursor.fetchone()[0], "RssAnon")  # without what all backends share


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _mib(pid: int, what: str) -> float:
    """A line of /proc/PID/status; the database runs on this machine."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024
