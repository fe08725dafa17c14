"""Check-ins over HTTP, each by another signed-in resident, at 8 connections.

Measures what happens when a full venue reads the poster at once: session, account, resident,
code, municipality, the session in the municipality's schema, one row in the ledger, the
answer page. Comparable with a ticket scanner's redeem call (one row, no account page). There
is one request for each resident, so `--seconds` is of no account here.
`queries` is the number of SQL statements of a first check-in with warm caches, search path
included, at an activity of a trusted organisation (the dearest kind, R17): 8 at most.
"""

from __future__ import annotations

import argparse

from attendance.codes import venue_token
from benchmarks import attendance_signups
from benchmarks.figures import Report, percentile
from benchmarks.load import Request, send_all
from benchmarks.queries import statements_of
from benchmarks.server import running
from benchmarks.world import make_world, signed_in_cookies, test_client_of

RESIDENTS = 1000
WARM_UP = 50


def measure(report: Report, options: argparse.Namespace) -> None:
    world = make_world(articles=1, activities=1, residents=RESIDENTS + WARM_UP + 1)
    path = f"/c/{venue_token(world.municipality.code, world.session_uuid)}/"
    requests = [
        Request(
            "localhost",
            path,
            method="POST",
            body=f"csrfmiddlewaretoken={csrf}",
            headers={
                "Cookie": cookies,
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )
        for cookies, csrf in signed_in_cookies(world.residents[1:])
    ]
    with running() as port:
        send_all(requests[:WARM_UP], port)
        outcome = send_all(requests[WARM_UP:], port)
    note = f"{RESIDENTS} residents, 8 connections, {outcome.errors} errors"
    report.add("per_second", outcome.per_second, "1/s", note)
    report.add("p95_ms", percentile(outcome.latencies_ms, 0.95), "ms", note)
    client = test_client_of(world.residents[0])
    report.add("queries", statements_of("localhost", path, client, ok="1"), "queries")
    attendance_signups.measure(report, world, world.residents[1:3])
