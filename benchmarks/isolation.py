"""A request with the wall between municipalities, and the same without it.

Two web servers on one database. One works as in production: a login without rights, and with
each change of municipality or actor a role, a search path and signed claims, on which the row
security of shared tables decides. The other is the stock way: the owner's login, the search path
alone. Both are asked the same pages in turns, over one connection each, so that what else the
machine does meets both alike: a city's front page (a visitor), the page of a resident's own
registrations and the same resident's certificates (rows under row security).
`extra_ms` is the largest difference of the medians: 1 ms at most.
"""

from __future__ import annotations

import argparse
import http.client
import time

from benchmarks.figures import Report, median
from benchmarks.load import Request
from benchmarks.server import running
from benchmarks.world import make_world, signed_in_cookies
from registration.operations.register import register

ROUNDS = 400
WARM_UP = 50


def measure(report: Report, options: argparse.Namespace) -> None:
    world = make_world(articles=30, activities=30, residents=1)
    resident = world.residents[0]
    register(resident, world.municipality)
    [(cookies, _csrf)] = signed_in_cookies([resident])
    headers = {"Cookie": cookies}
    pages = {
        "front": Request(world.host, "/"),
        "my_page": Request("localhost", "/my/", headers=headers),
        "certificates": Request("localhost", "/my/certificates/", headers=headers),
    }
    with running() as walled, running(with_wall=False) as open_:
        differences = []
        for name, request in pages.items():
            with_wall, without = _in_turns(request, walled, open_)
            differences.append(with_wall - without)
            report.add(f"{name}_ms", with_wall, "ms", f"median of {ROUNDS}")
            report.add(f"{name}_stock_ms", without, "ms", "owner's login, search path alone")
    report.add("extra_ms", max(differences), "ms", "the largest difference of the medians")


def _in_turns(request: Request, *ports: int) -> list[float]:
    """Median latency in milliseconds at each port."""
    clients = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for port in ports]
    latencies: list[list[float]] = [[] for _ in ports]
    for number in range(WARM_UP + ROUNDS):
        for client, seen in zip(clients, latencies, strict=True):
            started = time.perf_counter()
            client.request("GET", request.path, headers={"Host": request.host, **request.headers})
            answer = client.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise RuntimeError(f"{request.path} answered {answer.status}")
            if number >= WARM_UP:
                seen.append((time.perf_counter() - started) * 1000)
    return [median(seen) for seen in latencies]
