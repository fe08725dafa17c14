"""A full hall while pages are served, and a phone that comes back from where there is no network.

- `burst_p95_ms`: 1,000 check-ins within a minute, while another municipality's pages are asked for.
  Bound: 300 ms, no error.
- `neighbour_p95_ms` and `neighbour_idle_p95_ms`: those pages during that minute, and in a quiet one
  before. Bound: twice.
- `offline_batch_ms`: 200 readings of passes in one request. Bound: 500 ms.
"""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from typing import Any
from uuid import uuid4

from accounts.models import Resident
from activities.models import Session
from attendance.codes.passes import make_pass
from attendance.operations.devices import enrol, make_device
from benchmarks.figures import Report, median, percentile
from benchmarks.load import Outcome, Request, paced
from benchmarks.world import HIDA, World, activities_path
from common import clock
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.models import Municipality

CHECK_INS, SECONDS = 1000, 60
PAGES_A_SECOND, IDLE_SECONDS = 5, 15
BATCH, BATCHES = 200, 3


def burst(report: Report, check_ins: list[Request], port: int) -> None:
    """1,000 check-ins within a minute, each by somebody else."""
    neighbour = Municipality.objects.get(pk=HIDA)
    pages = itertools.cycle(
        Request(municipality_host(neighbour), path) for path in ("/", activities_path(neighbour))
    )
    browse: list[Outcome] = []

    def ask_for_pages(seconds: int) -> None:
        number = seconds * PAGES_A_SECOND
        browse.append(paced(itertools.islice(pages, number), PAGES_A_SECOND, port))

    ask_for_pages(IDLE_SECONDS)
    reader = threading.Thread(target=ask_for_pages, args=(SECONDS,))
    reader.start()
    hall = paced(check_ins, CHECK_INS / SECONDS, port)
    reader.join()
    errors = hall.errors + sum(one.errors for one in browse)
    note = f"{len(check_ins)} check-ins in {hall.seconds:.0f} s, {errors} errors"
    report.add("burst_p95_ms", percentile(hall.latencies_ms, 0.95), "ms", note)
    idle, busy = (percentile(one.latencies_ms, 0.95) for one in browse)
    report.add("neighbour_p95_ms", busy, "ms", "pages of another municipality meanwhile")
    report.add("neighbour_idle_p95_ms", idle, "ms", "the same in a quiet quarter of a minute")


def batches(report: Report, world: World, residents: list[Resident], port: int) -> None:
    """What a desk's phone kept while it had no network, 200 readings at a time."""
    with municipality_context(world.municipality):
        session = Session.objects.get(uuid=world.session_uuid).snapshot()
        made = make_device(world.municipality, session, "bench", None)
        _device, cookie = enrol(world.municipality, made.url.rstrip("/").rsplit("/", 1)[1])
    phone = _Phone(world.host, cookie, port)
    taken = []
    for number in range(BATCHES):
        people = residents[number * BATCH : (number + 1) * BATCH]
        began = time.perf_counter()
        answers = phone.send([_scan(one, place) for place, one in enumerate(people, 1)])
        taken.append((time.perf_counter() - began) * 1000)
        if {one["classification"] for one in answers} != {"counted"} or len(answers) != BATCH:
            raise RuntimeError(f"not all of them were counted: {answers[:3]}")
    report.add("offline_batch_ms", median(taken), "ms", f"{BATCH} readings, all counted")


def _scan(resident: Resident, number: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "uuid": str(uuid4()),
        "seq": number,
        "at": int(now.timestamp() * 1000),
        "code": make_pass(resident.pk, now)[0],
    }


class _Phone:
    def __init__(self, host: str, cookie: str, port: int) -> None:
        self._headers = {"Host": host, "Cookie": f"desk={cookie}"}
        self._port = port
        answer, body = self._ask("GET", "/desk/data/")
        self._headers["X-CSRFToken"] = json.loads(body)["csrf"]
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._headers["Cookie"] += "; " + value.partition(";")[0]

    def send(self, scans: list[dict[str, Any]]) -> list[dict[str, Any]]:
        body = json.dumps({"now": int(clock.now().timestamp() * 1000), "scans": scans})
        answer, said = self._ask("POST", "/desk/scans/", body)
        if answer.status != http.client.OK:
            raise RuntimeError(f"{answer.status}: {said[:200]!r}")
        found: list[dict[str, Any]] = json.loads(said)["answers"]
        return found

    def _ask(self, method: str, path: str, body: str = "") -> tuple[Any, bytes]:
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        kind = {"Content-Type": "application/json"} if body else {}
        client.request(method, path, body=body or None, headers=self._headers | kind)
        answer = client.getresponse()
        return answer, answer.read()
