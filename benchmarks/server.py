"""The product's web server, started for a benchmark on a free port."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher import logins

NO_WALL = "BENCHMARK_WITHOUT_WALL"
WORKERS = 2
THREADS = 4
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def running(
    process_ids: list[int] | None = None,
    *,
    with_wall: bool = True,
    application: str = "config.wsgi:application",
    settings: str = "benchmarks.settings",
) -> Iterator[int]:
    """Starts granian as `./run` does and gives its port; stops it afterwards.

    Its process id is appended to `process_ids`. Without the wall it has the owner's login.
    """
    environment = logins.for_run_time(os.environ) if with_wall else {**os.environ, NO_WALL: "1"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            str(Path(sys.executable).parent / "granian"),
            *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", str(WORKERS), "--blocking-threads", str(THREADS)),
            *("--log-level", "warning", application),
        ],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": settings},
    )
    if process_ids is not None:
        process_ids.append(process.pid)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, seconds: float = 60) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        try:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            client.request("GET", "/healthz", headers={"Host": "localhost"})
            client.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the web server did not start")
