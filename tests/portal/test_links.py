"""A person who opens the platform finds no dead link and no English on a Japanese page.

Visits every page that can be reached from the first page of each host, as a visitor, a
resident, an administrator and the operator, with the demonstration's words in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from portal.demonstration.municipalities import cases, fill
from portal.operations.listings import index_municipality
from tenants.context import municipality_context
from tenants.operations.operators import make_operator
from tenants.staff.roles import Role
from tests.factories.accounts import ResidentFactory, sign_in
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.factories.tenants import passed

pytestmark = pytest.mark.django_db
MOST = 150
# These do something, or lead to Wagtail's endless reports; what they show is tested elsewhere.
NOT_FOLLOWED = re.compile(r"/(sign-out|logout|leave|reports|bulk|documents/\d+)/|[?&](page|p|o)=")
SILENT = {"script", "style", "template", "code"}  # nothing that is read as words
LATIN = {"JSON", "PDF", "SHA", "JPEG", "PNG", "HEIC", "English", "WCAG", "JavaScript"}
LATIN |= {"RMO", "NPO", "DMO", "PTA"}


class Seen(HTMLParser):
    """Links of a page and the words on it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.text: list[str] = []
        self._silent = 0
        self._english: list[bool] = []  # of the spans that are open: said to be English
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in SILENT
        found = dict(attrs)
        if tag == "span":
            self._english.append(found.get("lang") == "en")
            self._silent += self._english[-1]
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT
        if tag == "span" and self._english:
            self._silent -= self._english.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)

    @property
    def english(self) -> set[str]:
        text = re.sub(r"\S+@\S+|https?://\S+|\w+\.\w+", "", " ".join(self.text))
        text = re.sub(
            r"\b[A-Z2-7]{4}( [A-Z2-7]{4})+\b|\w{4}-\w{4}-\w{4}", "", text
        )  # secrets and codes to be typed
        return set(re.findall(r"[A-Za-z]{3,}", text)) - LATIN


def reached(client: Client, starts: list[str], follows: Callable[[str], bool]) -> Iterator[tuple]:
    """Address, answer and words of every page from `starts` on; of lists the first page."""
    waiting, known = list(starts), set(starts)
    while waiting:
        url = waiting.pop(0)
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        answer = client.get(path, headers={"host": parts.netloc})
        if "Location" in answer:
            links = [answer["Location"]]
            yield url, answer, None
        else:
            is_page = answer.get("Content-Type", "").startswith("text/html")
            seen = Seen(answer.content.decode()) if is_page else None
            links = seen.links if seen else []
            yield url, answer, seen
        for link in links:
            target = urljoin(url, link).partition("#")[0]
            is_ours = (urlsplit(target).hostname or "").endswith("localhost")
            if is_ours and follows(target) and not NOT_FOLLOWED.search(target):
                if target not in known and len(known) < MOST:
                    known.add(target)
                    waiting.append(target)


@pytest.fixture
def filled(kesennuma, hida, settings, tmp_path):
    """気仙沼市 with the words of its case, its activities listed on the portal."""
    settings.MEDIA_ROOT = tmp_path
    case = next(case for case in cases() if case["code"] == kesennuma.code)
    with municipality_context(kesennuma):
        fill(kesennuma, case)
        index_municipality()
    return kesennuma


def is_japanese(url: str) -> bool:
    return "/en/" not in url + "/" and ".admin." not in url


def walk(client: Client, starts: list[str], follows: Callable[[str], bool]) -> set[str]:
    dead, english, visited = [], {}, set()
    for url, answer, seen in reached(client, starts, follows):
        visited.add(url)
        if answer.status_code not in {200, 202, 302}:
            dead.append((url, answer.status_code))
        if seen and is_japanese(url) and seen.english:
            english[url] = seen.english
    assert dead == []
    assert english == {}
    return visited


def test_a_visitor_finds_no_dead_link(filled):
    visited = walk(Client(), ["http://localhost:8000/"], lambda url: ".admin." not in url)
    assert {"http://kesennuma.localhost:8000/", "http://localhost:8000/en/"} <= visited
    assert any("kesennuma.localhost:8000/activities/" in url for url in visited)


def test_a_resident_finds_no_dead_link(filled):
    resident = ResidentFactory(
        person=("佐藤", "花子", "サトウ", "ハナコ", "1000001", "131016", "1")
    )
    register_resident(resident, filled)
    client = sign_in(Client(), resident.user)
    visited = walk(
        client, ["http://localhost:8000/my/"], lambda url: url.startswith("http://localhost:8000/")
    )
    assert f"http://localhost:8000/my/certificates/registration/{filled.code}/" in visited


def test_an_administrator_finds_no_dead_link(filled):
    client = sign_in(Client(), make_member(filled, Role.ADMINISTRATOR), filled, admin=True)
    host = "http://kesennuma.admin.localhost:8000"
    # The menu is made by a script, so its entries are named here.
    entries = (
        *("", "pages/", "activities/", "organisations/", "images/", "documents/", "staff/"),
        *("survey_items/", "survey_preview/", "survey_answers/", "certificates/"),
        *("community_posts/", "community_rooms/", "settings/themes/theme/", "locales/"),
    )
    visited = walk(
        client,
        [f"{host}/admin/{entry}" for entry in entries],
        lambda url: url.startswith(host) and "?" not in url,
    )
    assert any(url.endswith("/participants/") for url in visited)


def test_the_operator_finds_no_dead_link(filled):
    operator = make_operator("operator@example.jp", "運営", "unei-tantou-2026")
    client = Client(headers={"host": "operator.localhost"})
    client.post("/sign-in/", {"username": "operator@example.jp", "password": "unei-tantou-2026"})
    passed(client, operator)
    host = "http://operator.localhost:8000"
    visited = walk(client, [f"{host}/"], lambda url: url.startswith(host))
    assert f"{host}/requests/" in visited
