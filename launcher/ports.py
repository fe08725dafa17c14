"""Ports of this machine, and whether the platform answers on one."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket


def is_free(port: int) -> bool:
    """Whether nothing listens on 127.0.0.1:port, or on every address."""
    with socket.socket() as probe:
        # A server that closed a moment ago leaves connections behind that do no harm.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int) -> int:
    """`wanted`, or any other if that one is taken or out of range."""
    if wanted < 65536 and is_free(wanted):
        return wanted
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def health(port: int, host: str) -> tuple[int, dict[str, object]]:
    """Status and answer of `GET /healthz`; status 0 when nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/healthz", headers={"Host": f"{host}:{port}"})
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return 0, {}
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    return response.status, answer if isinstance(answer, dict) else {}
