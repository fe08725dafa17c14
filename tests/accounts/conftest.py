from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.factories.accounts import PEOPLE, ResidentFactory, sign_in


@pytest.fixture
def resident(db):
    """佐藤 花子, who has an account and a profile."""
    return ResidentFactory(person=PEOPLE[0])


class Browser:
    """One person's browser: a cookie jar per host, as real ones have."""

    def __init__(self) -> None:
        self.jars: dict[str, Client] = {}

    def on(self, host: str) -> Client:
        return self.jars.setdefault(host, Client(HTTP_HOST=host))

    def get(self, url: str, host: str = "localhost"):
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return self.on(parts.hostname or host).get(path)

    def travel(self, url: str, host: str = "localhost"):
        """Follow redirects from host to host; returns the last answer and where it came from."""
        for _step in range(8):
            response = self.get(url, host)
            if response.status_code not in {301, 302}:
                return response, host, url
            target = urlsplit(response["Location"])
            host = target.hostname or host
            url = response["Location"]
        raise AssertionError("redirects without end")


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def residents_browser(browser, resident):
    """A browser in which the resident is signed in on the portal."""
    sign_in(browser.on("localhost"), resident.user)
    return browser


@pytest.fixture
def code_for(residents_browser):
    """Walk up to the code: `code_for(municipality, next="/")` → (code, address of arrival)."""

    def walk(municipality, next="/"):
        host = f"{municipality.slug}.localhost"
        entered = residents_browser.on(host).get("/enter/", {"next": next})
        handed = residents_browser.get(entered["Location"])
        assert handed.status_code == 302, handed.status_code
        arrival = handed["Location"]
        return parse_qs(urlsplit(arrival).query)["code"][0], arrival

    return walk
