"""A new version of a service worker takes the old one's place, and it stands in for a server that
is out of order; no reading is lost or doubled."""

from __future__ import annotations

import http.client
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from attendance.models import Scan
from common import clock
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.scans import pass_of
from tests.journeys.conftest import Platform
from tests.journeys.test_desk import Venue, enrol, own, part, ready, type_pass
from tests.journeys.walking import Walker, set_out, until

pytestmark = pytest.mark.journey
# Of one hop: the next connection has its own.
_OF_THE_HOP = {"connection", "content-length", "transfer-encoding", "date", "server"}


class Release(ThreadingHTTPServer):
    """In front of the product: serves what a newer release would, and may lose answers.

    `is_newer`: workers have another version, and their kept pages say so. `loses`: what a phone
    sends arrives, and the phone does not hear of it. `is_out_of_order`: nothing arrives, and the
    answer is 503.
    """

    daemon_threads = True
    is_newer = False
    loses = False
    is_out_of_order = False

    def __init__(self, behind: int) -> None:
        super().__init__(("127.0.0.1", 0), _PassOn)
        self.behind = behind

    def changed(self, path: str, content: bytes) -> bytes:
        if not self.is_newer:
            return content
        if path.endswith("/worker.js"):
            return re.sub(rb'"version": "\w+"', b'"version": "newer"', content)
        if path.endswith("/offline/"):
            return content.replace(b"<main ", b'<main data-release="newer" ', 1)
        return content


class _PassOn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Release

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.server.is_out_of_order:
            self.send_response(http.client.SERVICE_UNAVAILABLE)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        headers = {**self.headers, "Accept-Encoding": "identity"}
        line = http.client.HTTPConnection("127.0.0.1", self.server.behind)
        line.request(self.command, self.path, body, headers)
        answer = line.getresponse()
        content = self.server.changed(path, answer.read())
        is_lost = self.server.loses and self.command == "POST" and path.endswith("/scans/")
        self.send_response(http.client.BAD_GATEWAY if is_lost else answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_THE_HOP:
                self.send_header(name, value)
        content = b"" if is_lost else content
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """The product keeps a log of its own."""


@pytest.fixture
def release(platform: Platform) -> Iterator[Release]:
    server = Release(platform.port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_desk_gets_a_newer_version_and_sends_what_the_old_one_read(
    browser: Browser, platform: Platform, release: Release, walkers: list[Walker]
) -> None:
    with platform.own_process():
        venue = Venue(replace(platform, port=release.server_port), "浜のそうじ")
        passes = [pass_of(ResidentFactory(), clock.now()) for _n in range(3)]
    walkers.append(set_out(browser))
    page, context = walkers[0].page, walkers[0].context
    enrol(page, venue)
    context.set_offline(True)
    page.reload()
    ready(page)
    for number, code in enumerate(passes, 1):
        type_pass(page, code)
        expect(part(page, "waiting")).to_have_text(str(number))
    expect(page.locator("main[data-release]")).to_have_count(0)

    release.is_newer = release.loses = True
    context.set_offline(False)
    page.reload()  # the open page is of the old version; the worker looks for a newer one
    _only_newer_is_kept(page, "desk /desk/ ")
    page.reload()
    expect(page.locator("main[data-release=newer]")).to_be_visible()
    ready(page)
    expect(part(page, "waiting")).to_have_text("3")
    with platform.own_process():
        venue.wait_for_records(3)  # they arrived, and the device has not heard of it

    release.loses = False
    page.reload()
    expect(part(page, "waiting")).to_have_text("0")
    expect(part(page, "sent")).to_have_text("3")
    with platform.own_process():
        assert venue.records() == 3
        scans = Scan.objects.filter(session_uuid=venue.session.session_uuid)
        assert sorted(scans.values_list("sequence", flat=True)) == [1, 2, 3]


def test_a_residents_phone_gets_a_newer_version_in_the_readers_language(
    browser: Browser, platform: Platform, release: Release, walkers: list[Walker]
) -> None:
    with platform.own_process():
        front = replace(platform, port=release.server_port)
        venue = Venue(front, "花の植えつけ")
        client = signed_in_client(ResidentFactory().user)
        token = venue_token(venue.place.code, venue.session.session_uuid)
    walkers.append(set_out(browser))
    page, context = walkers[0].page, walkers[0].context
    venue.let_in(walkers[0], client)
    poster = front.url("", f"/C/{token}")
    page.goto(front.url("", "/my/"))
    _kept_for_posters(page, "/c/offline/")
    _settled(page, 3)  # of small and capital letters, and of the pass
    page.goto(front.url("", "/en/my/"))
    _kept_for_posters(page, "/en/c/offline/")
    _settled(page, 5)  # and of the addresses that say the language
    context.set_offline(True)
    page.goto(poster)
    expect(page.get_by_role("heading", name="No network")).to_be_visible()
    expect(own(page, "saved")).to_contain_text("kept on this phone")
    walkers[0].look()

    release.is_newer = release.loses = True
    context.set_offline(False)
    page.goto(front.url("", "/en/my/"))
    _only_newer_is_kept(page, "own /C/ ", 5)
    with platform.own_process():
        venue.wait_for_records(1)
    context.set_offline(True)
    page.goto(poster)
    expect(page.locator("main[data-release=newer]")).to_be_visible()
    expect(page.locator("#own li")).to_have_count(1)

    release.loses = False
    context.set_offline(False)
    page.goto(front.url("", "/en/my/"))
    expect(page.locator("#own")).to_contain_text("Recorded")
    expect(page.locator("#own li")).to_have_count(1)
    with platform.own_process():
        assert venue.records() == 1
        assert Scan.objects.filter(session_uuid=venue.session.session_uuid).count() == 1


def test_a_reading_is_kept_where_the_server_is_out_of_order(
    browser: Browser, platform: Platform, release: Release, walkers: list[Walker]
) -> None:
    with platform.own_process():
        front = replace(platform, port=release.server_port)
        venue = Venue(front, "花の植えつけ")
        client = signed_in_client(ResidentFactory().user)
        token = venue_token(venue.place.code, venue.session.session_uuid)
    walkers.append(set_out(browser))
    page = walkers[0].page
    venue.let_in(walkers[0], client)
    page.goto(front.url("", "/my/"))
    _kept_for_posters(page, "/c/offline/")
    _settled(page, 3)
    release.is_out_of_order = True
    page.goto(front.url("", f"/C/{token}"))
    expect(own(page, "saved")).to_be_visible()
    expect(page.locator("#own li")).to_have_count(1)
    release.is_out_of_order = False
    page.goto(front.url("", "/my/"))
    with platform.own_process():
        venue.wait_for_records(1)
        assert Scan.objects.filter(session_uuid=venue.session.session_uuid).count() == 1


def _only_newer_is_kept(page: Page, of: str, workers: int = 1) -> None:
    until(
        page,
        """async (of) => {
            const names = (await caches.keys()).filter((name) => name.startsWith(of));
            return names.length > 0 && names.every((name) => name.endsWith(" newer"));
        }""",
        of,
    )
    _settled(page, workers)


def _settled(page: Page, workers: int) -> None:
    """So many workers are at work, and none is about to take another's place."""
    until(
        page,
        """async (wanted) => {
            const all = await navigator.serviceWorker.getRegistrations();
            const settled = all.filter((one) => one.active?.state === "activated"
                && !one.installing && !one.waiting);
            return all.length === wanted && settled.length === wanted;
        }""",
        workers,
    )


def _kept_for_posters(page: Page, shell: str) -> None:
    until(
        page,
        """async (shell) => {
            const names = (await caches.keys()).filter((name) => name.startsWith("own /C/ "));
            const kept = await Promise.all(names.map(async (name) =>
                (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname)));
            return kept.length === 1 && kept[0].includes(shell);
        }""",
        shell,
    )
