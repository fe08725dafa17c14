"""A city's front page and the list of its activities, over HTTP at 8 connections.

Measures the whole way: web server, host lookup, schema switch, Wagtail's routing, templates.
There are two municipalities, each with a picture on its front page, 30 articles and 30
activities of a trusted organisation (the dearest kind, R17). Comparable with any Wagtail site
served by a WSGI server on the same machine: the stock way is the same page tree in one
schema, without the host lookup and the switch of the search path.
`*_queries` is the number of SQL statements of one request with warm caches, search path
included: 12 at most for the front page.
"""

from __future__ import annotations

import argparse

from benchmarks.figures import Report, median, percentile
from benchmarks.load import Request, repeat
from benchmarks.queries import statements_of
from benchmarks.server import running
from benchmarks.world import activities_path, make_world


def measure(report: Report, options: argparse.Namespace) -> None:
    world = make_world(articles=30, activities=30)
    pages = {"front": "/", "list": activities_path(world.municipality)}
    with running() as port:
        for name, path in pages.items():
            request = Request(world.host, path)
            repeat(request, port, min(2.0, options.seconds))
            outcome = repeat(request, port, options.seconds)
            note = f"8 connections, {outcome.errors} errors"
            report.add(f"{name}_per_second", outcome.per_second, "1/s", note)
            report.add(f"{name}_p50_ms", median(outcome.latencies_ms), "ms", note)
            report.add(f"{name}_p95_ms", percentile(outcome.latencies_ms, 0.95), "ms", note)
            report.add(f"{name}_queries", statements_of(world.host, path), "queries", path)
