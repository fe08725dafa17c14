"""Signing in on the portal with a code by mail, and moving on to a municipality's host.

`sign_in_ms` is the median of the request that takes the code: the code is checked, the account
found, a session begun, and all that kept. `sign_in_queries` is the number of SQL statements of
that request.

`handoff_ms` is the median of what moving to a municipality's host adds: the three answers
between the link on the municipality's page and the page that it leads to, added up. Two of them
go from host to host, the third takes the code off the address. Budget: 30 ms on the server.
`handoff_queries` is the number of SQL statements of the three.

`verification_ms` and `import_per_second`: see `accounts_verification` and `accounts_import`.

One person at a time: how long people wait, not how many there may be. So `--seconds` is of no
account here.
"""

from __future__ import annotations

import argparse
import http.client
import re
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Resident
from benchmarks.accounts_import import measure as measure_import
from benchmarks.accounts_verification import verification_ms
from benchmarks.figures import Report, median
from benchmarks.server import running
from benchmarks.world import World, make_world, signed_in_cookies
from notifications.models import OutboxMessage

RESIDENTS = 100  # below what one place may ask for within ten minutes (accounts.rules.limits)
WARM_UP = 20
SIGN_IN, CODE = "/account/login/", "/account/login/code/"
_CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)
_HOPS = 3


def measure(report: Report, options: argparse.Namespace) -> None:
    world = make_world(articles=1, activities=1, residents=RESIDENTS + WARM_UP + 1)
    _measure_signing_in(report, world)
    _measure_moving(report, world)
    for name, value in verification_ms().items():
        report.add(name, value, "ms" if name.endswith("_ms") else "queries")
    measure_import(report)


def _measure_signing_in(report: Report, world: World) -> None:
    with running() as port:
        times = [_sign_in(resident, port) for resident in world.residents[1:]]
    note = f"{RESIDENTS} residents, one after the other"
    report.add("sign_in_ms", median(times[WARM_UP:]), "ms", note)
    report.add("sign_in_queries", _statements_of_a_sign_in(world.residents[0]), "queries")


def _measure_moving(report: Report, world: World) -> None:
    cookies = signed_in_cookies(world.residents[1:])
    with running() as port:
        times = [_move(cookie, world.host, port) for cookie, _csrf in cookies]
    note = f"{RESIDENTS} residents, {_HOPS} answers each: 2 from host to host"
    report.add("handoff_ms", median(times[WARM_UP:]), "ms", note)
    cookie = signed_in_cookies(world.residents[:1])[0][0]
    report.add("handoff_queries", _statements_of_a_move(cookie, world.host), "queries")


@dataclass
class _Browser:
    """One person: a cookie jar for each host; counts only the time until an answer is there."""

    port: int
    jars: dict[str, SimpleCookie] = field(default_factory=dict)
    milliseconds: float = 0.0

    def ask(self, host: str, path: str, form: dict[str, str] | None = None) -> str:
        """The address that the answer leads on to, or "" for a page."""
        jar = self.jars.setdefault(host, SimpleCookie())
        headers = {
            "Host": host,
            "Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items()),
        }
        if form is not None:
            form = {**form, "csrfmiddlewaretoken": jar[settings.CSRF_COOKIE_NAME].value}
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.connect()
        started = time.perf_counter()
        client.request("POST" if form else "GET", path, urlencode(form or {}) or None, headers)
        answer = client.getresponse()
        answer.read()
        self.milliseconds += (time.perf_counter() - started) * 1000
        for header, value in answer.getheaders():
            if header.lower() == "set-cookie":
                jar.load(value)
        client.close()
        if answer.status not in {http.client.OK, http.client.FOUND}:
            raise RuntimeError(f"{host}{path} answered {answer.status}")
        return answer.getheader("Location") or ""


def _sign_in(resident: Resident, port: int) -> float:
    host = settings.BASE_DOMAIN
    browser = _Browser(port)
    browser.ask(host, SIGN_IN)
    browser.ask(host, SIGN_IN, {"email": str(resident.user.email), "next": "/about/"})
    browser.ask(host, CODE)
    browser.milliseconds = 0.0
    if browser.ask(host, CODE, {"code": _newest_code(resident)}) != "/about/":
        raise RuntimeError("nobody was signed in")
    return browser.milliseconds


def _newest_code(resident: Resident) -> str:
    mail = OutboxMessage.objects.filter(payload__to__0=resident.user.email).latest("pk")
    found = _CODE.search(mail.payload["body"])
    if found is None:
        raise LookupError("no code in the mail")
    return found[0]


def _statements_of_a_sign_in(resident: Resident) -> int:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.post(SIGN_IN, {"email": resident.user.email, "next": "/about/"})
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(CODE, {"code": _newest_code(resident)})
    if answer.status_code != http.client.FOUND:
        raise RuntimeError("nobody was signed in")
    return len(captured)


def _move(cookie: str, host: str, port: int) -> float:
    browser = _Browser(port, {settings.BASE_DOMAIN: SimpleCookie(cookie)})
    where, path = host, "/enter/?next=/"
    for _hop in range(_HOPS):
        target = urlsplit(browser.ask(where, path))
        where = target.hostname or where
        path = f"{target.path}?{target.query}" if target.query else target.path
    if (where, path) != (host, "/"):
        raise RuntimeError(f"the way led to {where}{path}")
    return browser.milliseconds


def _statements_of_a_move(cookie: str, host: str) -> int:
    clients = {name: Client(HTTP_HOST=name) for name in (host, settings.BASE_DOMAIN)}
    clients[settings.BASE_DOMAIN].cookies.load(cookie)
    clients[settings.BASE_DOMAIN].get("/my/profile/")  # the session is known, as it usually is
    where, path = host, "/enter/?next=/"
    with CaptureQueriesContext(connection) as captured:
        for _hop in range(_HOPS):
            target = urlsplit(clients[where].get(path)["Location"])
            where = target.hostname or where
            path = f"{target.path}?{target.query}" if target.query else target.path
    return len(captured)
