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


def paced(requests: Iterable[Request], per_second: float, port: int) -> Outcome:
    """Send so many a second, whether or not those before are answered, as long as one of the 8
    connections is free; latencies count from when a request was due."""
    began = time.perf_counter()
    due = ((began + number / per_second, one) for number, one in enumerate(requests))
    turn = threading.Lock()
    waits: list[float] = []

    def stream() -> Iterable[Request]:
        while True:
            with turn:
                following = next(due, None)
            if following is None:
                return
            at, request = following
            late = time.perf_counter() - at
            if late < 0:
                time.sleep(-late)
            waits.append(max(late, 0.0) * 1000)
            yield request

    outcome = _run([stream() for _ in range(CONNECTIONS)], port)
    # Which wait belongs to which answer is not known: the longest goes to the slowest.
    pairs = zip(sorted(outcome.latencies_ms), sorted(waits), strict=False)
    return Outcome([answer + wait for answer, wait in pairs], outcome.seconds, outcome.errors)


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
