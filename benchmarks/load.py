"""A closed loop of a few connections: each sends the next request when it has the answer."""

from __future__ import annotations

import http.client
import itertools
import queue
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CONNECTIONS = 8


@dataclass(frozen=True)
class Request:
    """One request; the host decides the municipality, the connection goes to 127.0.0.1."""

    host: str
    path: str
    method: str = "GET"
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """Latencies in milliseconds of all good answers, wall time in seconds, bad answers."""

    latencies_ms: list[float]
    seconds: float
    errors: int

    @property
    def per_second(self) -> float:
        return len(self.latencies_ms) / self.seconds


def repeat(request: Request, port: int, seconds: float) -> Outcome:
    """Send `request` over 8 connections for `seconds`."""
    return repeat_any(itertools.repeat(request), port, seconds)


def repeat_any(requests: Iterator[Request], port: int, seconds: float) -> Outcome:
    """Send one after the other of `requests` over 8 connections for `seconds`."""
    ends_at = time.perf_counter() + seconds
    turn = threading.Lock()

    def stream() -> Iterable[Request]:
        while time.perf_counter() < ends_at:
            with turn:
                request = next(requests)
            yield request

    return _run([stream() for _ in range(CONNECTIONS)], port)


def send_all(requests: list[Request], port: int) -> Outcome:
    """Send each of `requests` once, over 8 connections."""
    waiting: queue.SimpleQueue[Request] = queue.SimpleQueue()
    for request in requests:
        waiting.put(request)

    def rest() -> Iterable[Request]:
        while True:
            try:
                yield waiting.get_nowait()
            except queue.Empty:
                return

    return _run([rest() for _ in range(CONNECTIONS)], port)


def _run(streams: list[Iterable[Request]], port: int) -> Outcome:
    latencies: list[float] = []
    errors: list[int] = []
    lock = threading.Lock()

    def connection(stream: Iterable[Request]) -> None:
        mine, bad = [], 0
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for request in stream:
            started = time.perf_counter()
            client.request(
                request.method,
                request.path,
                body=request.body or None,
                headers={"Host": request.host, **request.headers},
            )
            answer = client.getresponse()
            answer.read()
            if answer.status == http.client.OK:
                mine.append((time.perf_counter() - started) * 1000)
            else:
                bad += 1
        client.close()
        with lock:
            latencies.extend(mine)
            errors.append(bad)

    threads = [threading.Thread(target=connection, args=(stream,)) for stream in streams]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Outcome(latencies, time.perf_counter() - started, sum(errors))
