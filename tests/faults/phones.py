"""The product's web server on a database of a test's own, and a desk's phone that sends to it."""

from __future__ import annotations

import http.client
import json
import os
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from activities.models import Session
from attendance.codes.passes import make_pass
from attendance.operations.devices import enrol, make_device
from common import clock
from launcher import logins
from launcher.processes import Child
from tenants.context import municipality_context
from tenants.hosts import municipality_host
from tenants.models import Municipality

ROOT = Path(__file__).resolve().parents[2]


class Phone:
    """A device of the session that takes place now at `municipality`, by a new link.

    Its clock says `now()`.
    """

    def __init__(self, municipality: Municipality, port: int, now: Any = clock.now) -> None:
        with municipality_context(municipality):
            running = Session.objects.filter(starts_at__lte=clock.now()).earliest("pk")
            made = make_device(municipality, running.snapshot(), "受付", None)
            _device, cookie = enrol(municipality, made.url.rstrip("/").rsplit("/", 1)[1])
        self.session_uuid = running.uuid
        self.port = port
        self.now = now
        self.headers = {"Host": municipality_host(municipality), "Cookie": f"desk={cookie}"}

    def readings(self, residents: list[Any]) -> list[dict[str, Any]]:
        """The pass of each, read now."""
        return [
            {
                "uuid": str(uuid4()),
                "seq": number,
                "at": ms(self.now()),
                "code": make_pass(one.pk, clock.now())[0],
            }
            for number, one in enumerate(residents, 1)
        ]

    def fetch(self) -> None:
        answer, body = self.ask("GET", "/desk/data/")
        self.headers["X-CSRFToken"] = json.loads(body)["csrf"]
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.headers["Cookie"] += "; " + value.partition(";")[0]

    def post(self, scans: list[dict[str, Any]]) -> tuple[http.client.HTTPResponse, Any]:
        """What the server answers to a batch. Raises `OSError`, `http.client.HTTPException`."""
        answer, said = self.ask("POST", "/desk/scans/", self.body(scans))
        return answer, json.loads(said)

    def body(self, scans: list[dict[str, Any]]) -> str:
        return json.dumps({"now": ms(self.now()), "scans": scans})

    def ask(
        self, method: str, path: str, body: str | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        kind = {"Content-Type": "application/json"} if body else {}
        try:
            client.request(method, path, body=body, headers=self.headers | kind)
            answer = client.getresponse()
            return answer, answer.read()
        finally:
            client.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def web_on(database: str, port: int, folder: Path, threads: int = 4) -> Child:
    """The web server under its run-time login, one process; its log is `folder / "web.log"`."""
    head, _, options = os.environ["DATABASE_URL"].partition("?")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "journeys_settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}:{ROOT / 'tests' / 'journeys'}",
        "DATABASE_URL": f"{head.rpartition('/')[0]}/{database}?{options}",
        "DATA_DIR": str(folder / "data"),
    }
    granian = str(Path(sys.executable).parent / "granian")
    command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", str(threads), "config.wsgi:application"]
    return Child("web", command, logins.for_run_time(environment), folder / "web.log", ROOT)


def answers(port: int) -> bool:
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/healthz", headers={"Host": "localhost"})
        return bool(client.getresponse().read())
    except OSError:
        return False


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
