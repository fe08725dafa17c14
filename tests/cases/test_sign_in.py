"""Hard cases 14, 15, 18 and 29 of signing in, each as it is written down."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.cache.backends.base import BaseCache
from django.test import Client

from accounts.models import OpenSession, SecurityEvent
from common.clock import TOKYO
from tenants.operations.operators import make_operator
from tests.factories.accounts import PASSWORD, ResidentFactory, UserFactory, sign_in
from tests.factories.staff import make_member

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)
PORTAL, HERE, THERE = "localhost", "kesennuma.localhost", "hida.localhost"
pytestmark = pytest.mark.django_db


class Down(BaseCache):
    """A cache that is not there."""

    def __init__(self, *_args, **_options) -> None:
        super().__init__({})

    def _fail(self, *_args, **_options):
        raise ConnectionError("the cache is down")

    add = get = set = touch = delete = clear = incr = has_key = get_many = set_many = _fail


@pytest.fixture
def browser():
    """A browser: a client for each host, signed in on the portal."""
    resident = ResidentFactory()
    clients = {host: Client(HTTP_HOST=host) for host in (PORTAL, HERE, THERE)}
    sign_in(clients[PORTAL], resident.user)
    clients["resident"] = resident
    return clients


def code_from(browser, host=HERE, next="/"):
    """Walks from `host` to the portal and gives the code made there."""
    entered = urlsplit(browser[host].get("/enter/", {"next": next})["Location"])
    handed = browser[PORTAL].get(f"{entered.path}?{entered.query}")["Location"]
    return parse_qs(urlsplit(handed).query)["code"][0]


def arrive(browser, code, host=HERE):
    return browser[host].get("/arrive/", {"code": code})


def is_signed_in(client) -> bool:
    return client.get("/enter/?next=/arrived/")["Location"] == "/arrived/"


def test_case_14_no_cookie_has_a_domain(browser, kesennuma, hida):
    for host in (HERE, THERE):
        arrive(browser, code_from(browser, host), host)
    cookies = [
        cookie for host in (PORTAL, HERE, THERE) for cookie in browser[host].cookies.values()
    ]
    assert len(cookies) >= 5
    assert {cookie["domain"] for cookie in cookies} == {""}


def test_case_14_in_production_every_cookie_is_bound_to_its_host_by_the_browser():
    """`__Host-` is taken only with Secure, with Path=/ and without Domain."""
    asked = (
        "from config import settings as s; import config.settings.accounts as a;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME,"
        " a.HANDOFF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.LANGUAGE_COOKIE_SECURE)"
    )
    environment = {**os.environ, "ENVIRONMENT": "production", "PYTHONPATH": str(ROOT / "site")}
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    names, secure = said[:4], said[4:]
    assert all(name.startswith("__Host-") for name in names), names
    assert secure == ["True"] * 3


def test_case_14_a_session_replayed_on_another_host_is_nobodys(browser, kesennuma, hida):
    arrive(browser, code_from(browser))
    stolen = browser[HERE].cookies["session"].value
    for host in (THERE, PORTAL):
        thief = Client(HTTP_HOST=host)
        thief.cookies["session"] = stolen
        if host == THERE:
            assert not is_signed_in(thief)
        else:
            assert thief.get("/my/sign-in/").status_code == 302
    thief = Client(HTTP_HOST=HERE)
    thief.cookies["session"] = browser[PORTAL].cookies["session"].value
    assert not is_signed_in(thief)
    assert is_signed_in(browser[HERE])


def test_case_15_a_code_is_refused_and_recorded_the_second_time(browser, kesennuma):
    code = code_from(browser)
    assert arrive(browser, code).status_code == 302
    assert arrive(browser, code).status_code == 403
    assert _recorded() == ["used"]


def test_case_15_a_code_is_refused_and_recorded_on_another_host(browser, kesennuma, hida):
    code = code_from(browser)
    browser[THERE].get("/enter/")
    assert arrive(browser, code, THERE).status_code == 403
    assert not is_signed_in(browser[THERE])
    assert _recorded() == ["other_municipality"]


def test_case_15_a_code_is_refused_and_recorded_after_a_minute(browser, kesennuma):
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        code = code_from(browser)
        clock.shift(timedelta(seconds=61))
        assert arrive(browser, code).status_code == 403
    assert _recorded() == ["expired"]


def test_case_15_a_code_is_refused_and_recorded_in_another_browser(browser, kesennuma):
    code = code_from(browser)
    other = Client(HTTP_HOST=HERE)
    other.get("/enter/")
    assert other.get("/arrive/", {"code": code}).status_code == 403
    assert not is_signed_in(other)
    assert _recorded() == ["other_browser"]


@pytest.mark.parametrize("evil", ["//evil", "https://evil/", "/\\evil", "\\\\evil", "/\t/evil"])
def test_case_15_an_address_elsewhere_is_ignored(browser, kesennuma, evil):
    assert arrive(browser, code_from(browser, next=evil))["Location"] == "/"


def test_case_15_signing_out_on_the_portal_ends_all_within_one_request(browser, kesennuma, hida):
    for host in (HERE, THERE):
        arrive(browser, code_from(browser, host), host)
        assert is_signed_in(browser[host])
    other = Client(HTTP_HOST=HERE)
    browser[HERE], signed_in_here = other, browser[HERE]
    waiting = code_from(browser)
    browser[PORTAL].post("/account/logout/", {"next": "/terms/resident/"})
    assert not is_signed_in(signed_in_here)
    assert not is_signed_in(browser[HERE])
    assert not is_signed_in(browser[THERE])
    assert arrive(browser, waiting).status_code == 403


def test_case_15_ending_it_from_another_device_ends_all_within_one_request(
    browser, kesennuma, hida
):
    for host in (HERE, THERE):
        arrive(browser, code_from(browser, host), host)
    key = browser[PORTAL].session.session_key
    session = OpenSession.objects.get(session_key=key)
    other = sign_in(Client(), browser["resident"].user)
    other.post(f"/my/sign-in/{session.pk}/end/")
    assert not is_signed_in(browser[HERE])
    assert not is_signed_in(browser[THERE])
    assert browser[PORTAL].get("/my/sign-in/").status_code == 302


PATHS = [
    "/account/login/",
    "/account/login/password/",
    "/account/login/passkey/",
    "/account/login/passkey/options/",
    "/account/login/recovery/",
    "/account/logout/",
    "/account/signup/",
    "/account/password/change/",
    "/my/sign-in/others/end/",
    "/my/sign-in/codes/",
    "/my/sign-in/passkeys/options/",
]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://kesennuma.localhost"])
@pytest.mark.parametrize("path", PATHS)
def test_case_18_a_post_of_another_site_or_a_sister_host_is_refused(browser, path, origin):
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, browser["resident"].user)
    answer = strict.post(path, {}, headers={"origin": origin})
    assert answer.status_code == 403
    # Nor with a token that the sister host planted in its own name.
    strict.cookies["csrf"] = "a" * 32
    answer = strict.post(path, {"csrfmiddlewaretoken": "a" * 32}, headers={"origin": origin})
    assert answer.status_code == 403
    assert strict.get("/my/sign-in/").status_code == 200


def test_case_18_twenty_failed_sign_ins_are_stopped_and_others_are_unaffected(client):
    victim, neighbour = UserFactory(), UserFactory()

    def attempt(user, password, address="192.0.2.1"):
        return Client(HTTP_HOST=PORTAL, REMOTE_ADDR=address).post(
            "/account/login/password/", {"login": user.email, "password": password}
        )

    statuses = [attempt(victim, "wrong-wrong-wrong").status_code for _time in range(21)]
    assert statuses == [200] * 20 + [429]
    assert attempt(neighbour, PASSWORD).status_code == 302
    assert attempt(victim, PASSWORD, "192.0.2.2").status_code == 302


@pytest.mark.parametrize(
    ("host", "path"),
    [("kesennuma.admin.localhost", "/admin/login/"), ("operator.localhost", "/sign-in/")],
)
def test_case_18_twenty_failed_sign_ins_of_staff_and_operators_are_stopped(
    kesennuma, hida, host, path
):
    def somebody():
        if "operator" not in host:
            return make_member(kesennuma, "administrator")
        return make_operator(UserFactory.build().email, "総務 太郎", PASSWORD)

    victim, neighbour = somebody(), somebody()

    def attempt(user, password, address="192.0.2.1"):
        client = Client(HTTP_HOST=host, REMOTE_ADDR=address)
        return client.post(path, {"username": user.email, "password": password})

    statuses = [attempt(victim, "wrong-wrong-wrong").status_code for _time in range(21)]
    assert statuses == [200] * 20 + [429]
    assert attempt(victim, PASSWORD).status_code == 429  # not even with the right one
    assert attempt(neighbour, PASSWORD).status_code == 302
    assert attempt(victim, PASSWORD, "192.0.2.2").status_code == 302
    kinds = SecurityEvent.objects.filter(account=victim).values_list("kind", flat=True)
    assert list(kinds).count("sign_in_refused") == 20
    assert list(kinds).count("sign_in_blocked") == 1


def test_case_29_with_cache_and_queue_down_people_sign_in_and_limits_hold(
    settings, monkeypatch, mailoutbox
):
    from notifications import tasks

    def down(**_options):
        raise ConnectionError("the queue is down")

    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Down"}}
    monkeypatch.setattr(tasks.deliver, "apply_async", down)
    user = UserFactory()
    person = Client(HTTP_HOST=PORTAL)
    person.post("/account/login/", {"email": user.email})
    code = CODE.search(mailoutbox[-1].body)[0]  # waits in the outbox
    assert person.post("/account/login/code/", {"code": code}).status_code == 302
    assert person.get("/my/sign-in/").status_code == 200
    wrong = {"login": user.email, "password": "wrong-wrong-wrong"}
    statuses = [
        Client(HTTP_HOST=PORTAL).post("/account/login/password/", wrong).status_code
        for _time in range(21)
    ]
    assert statuses == [200] * 20 + [429]


def _recorded() -> list[str]:
    return [
        event.detail["reason"] for event in SecurityEvent.objects.filter(kind="handoff_refused")
    ]
