"""Cases 16 and 18: what is typed is never run, and nobody else's page can press our buttons.

In a real browser: `tests/journeys/test_attacks.py`. What else belongs to case 16: formatted text in
`tests/pages/test_rich_text.py`, uploads in `tests/pages/test_documents.py` and
`tests/pages/test_files.py`, nonces in `tests/config/test_headers.py`.
"""

from __future__ import annotations

import csv
import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings
from django.core.files.images import ImageFile
from django.http.cookie import SimpleCookie
from django.test import Client
from openpyxl import load_workbook
from PIL import Image as Picture
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedUnsupportedProviderException
from wagtail.embeds.models import Embed
from wagtail.images.models import Image

from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.staff.roles import Role
from tests.factories.accounts import signed_in_client
from tests.factories.activities import make_activity
from tests.factories.community import make_post, make_registrant
from tests.factories.staff import staff_client
from tests.isolation.access_table import HOSTS, questions
from tests.isolation.access_world import make_world

pytestmark = pytest.mark.django_db
SCRIPT = "<script>window.pwned=1</script><img src=x onerror=window.pwned=1>"
QUOTED = "\"'><script>window.pwned=1</script>"


def markup_of(answer: Any) -> str:
    text = answer.content.decode()
    assert "Content-Security-Policy" in answer
    return text


# Case 16


@pytest.mark.parametrize("attack", [SCRIPT, QUOTED])
def test_texts_of_an_activity_are_shown_and_not_run(kesennuma, attack):
    make_activity(
        kesennuma,
        title=f"清掃{attack}",
        slug="seisou",
        summary=attack,
        belongings=attack,
        contact_name=attack,
        image_alt=attack[:200],
    )
    visitor = Client(headers={"host": "kesennuma.localhost"})
    for path in ("/activities/", "/activities/seisou/", f"/activities/?word={attack}"):
        text = markup_of(visitor.get(path))
        assert "<script>window" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;" in text or "%3Cscript" in text


@pytest.mark.parametrize("attack", [SCRIPT, QUOTED])
def test_posts_and_names_are_shown_and_not_run(kesennuma, attack):
    author = make_registrant(kesennuma, family_name=attack[:40], given_name="x")
    make_post(kesennuma, author, attack)
    reader = make_registrant(kesennuma)
    for client, path in (
        (signed_in_client(reader.user, kesennuma), "/rooms/hiroba/"),
        (staff_client(kesennuma, Role.ADMINISTRATOR), "/admin/community_posts/"),
        (signed_in_client(author.user), "/my/"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        text = markup_of(answer)
        assert "<script>window" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text


def test_the_description_of_a_picture_is_shown_and_not_run(kesennuma, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    stream = io.BytesIO()
    Picture.new("RGB", (640, 480)).save(stream, "PNG")
    with municipality_context(kesennuma):
        image = Image.objects.create(
            title=QUOTED, description=QUOTED, file=ImageFile(stream, name="umi.png")
        )
    make_activity(kesennuma, slug="umi", image=image, image_alt=QUOTED)
    text = markup_of(Client(headers={"host": "kesennuma.localhost"}).get("/activities/umi/"))
    assert "<script>window" not in text
    assert 'alt="&quot;&#x27;&gt;' in text


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
    ],
)
def test_an_editor_cannot_link_to_a_script(kesennuma, link):
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    answer = client.post(
        "/admin/choose-external-link/",
        {"external-link-chooser-url": link, "external-link-chooser-link_text": "x"},
    )
    assert answer.json()["step"] == "external_link"  # asked again
    assert "error" in answer.json()["html"]


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://evil.example/")', "+1", "-1", "@SUM(1)", "\t=1", "＝1"]
)
def test_no_export_of_wagtails_holds_a_formula(kesennuma, cell):
    make_activity(kesennuma, title=f"{cell}清掃")
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    exported = client.get("/admin/reports/aging-pages/?export=csv").getvalue().decode()
    cells = [one for row in csv.reader(io.StringIO(exported)) for one in row]
    assert f"'{cell}清掃" in cells or f"'{cell.strip()}清掃" in cells
    assert not [one for one in cells if one[:1] in {"=", "+", "-", "@", "\t", "＝"}]
    book = client.get("/admin/reports/aging-pages/?export=xlsx").getvalue()
    sheet = load_workbook(io.BytesIO(book)).active
    assert not [one for row in sheet.iter_rows() for one in row if one.data_type == "f"]
    assert not [
        one
        for row in sheet.iter_rows(values_only=True)
        for one in row
        if isinstance(one, str) and one[:1] in {"=", "+", "-", "@", "\t", "＝"}
    ]


# Case 18: requests


@pytest.fixture
def listener():
    """A server of this machine that anybody who is led to it would reach."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()


def test_nothing_foreign_is_embedded_and_no_address_is_asked(kesennuma, listener):
    port, asked = listener
    assert settings.WAGTAILEMBEDS_FINDERS == []
    client = staff_client(kesennuma, Role.ADMINISTRATOR)
    for url in (
        f"http://127.0.0.1:{port}/",
        f"http://localhost:{port}/redirect",
        f"http://[::ffff:127.0.0.1]:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://metadata.google.internal/",
        "file:///etc/passwd",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        f"https://www.youtube.com@127.0.0.1:{port}/",
    ):
        answer = client.post("/admin/embeds/chooser/upload/", {"embed-chooser-url": url})
        assert answer.status_code == 200
        assert answer.json()["step"] == "chooser"  # asked again
        with municipality_context(kesennuma), pytest.raises(EmbedUnsupportedProviderException):
            get_embed(url)
    with municipality_context(kesennuma):
        assert not Embed.objects.exists()
    assert asked == []


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://hida.localhost", "http://hida.admin.localhost", "null"],
)
@pytest.mark.parametrize("kind", HOSTS)
def test_no_button_of_ours_is_pressed_from_another_page(kesennuma, hida, kind, origin):
    """Every address of every host, signed in, posted to from elsewhere without a token."""
    world = make_world(kesennuma, hida)
    who = {HostKind.ADMIN: "administrator", HostKind.OPERATOR: "operator"}.get(kind, "resident")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: world.session(who, kind)})
    refused = 0
    for path in {question.path for question in questions(kind, world.values)}:
        answer = client.post(path, {"x": "y"}, headers={"host": world.host(kind), "origin": origin})
        assert answer.status_code in (403, 404), (path, answer.status_code)
        refused += answer.status_code == 403
    assert refused > 5


@pytest.mark.parametrize("origin", ["http://hida.localhost", "https://evil.example", None])
def test_a_token_from_another_host_does_not_help(kesennuma, origin):
    """A sibling that got at a token, or set a cookie for all of the domain, is refused, too."""
    author = make_registrant(kesennuma)
    client = Client(enforce_csrf_checks=True)
    signed = signed_in_client(author.user, kesennuma)
    client.cookies, client.defaults = signed.cookies, signed.defaults
    page = client.get("/rooms/hiroba/")
    token = page.context["csrf_token"]
    data = {"body": "はじめまして。", "client_key": "0" * 32, "csrfmiddlewaretoken": str(token)}
    ours = "http://kesennuma.localhost"
    headers = {"origin": origin} if origin else {"origin": ours}
    if origin is None:
        data["csrfmiddlewaretoken"] = "x" * 64
    assert client.post("/rooms/hiroba/", data, headers=headers).status_code == 403
    data["csrfmiddlewaretoken"] = str(token)
    assert client.post("/rooms/hiroba/", data, headers={"origin": ours}).status_code == 302


def test_the_tokens_cookie_is_for_one_host_and_one_site():
    assert settings.CSRF_COOKIE_SAMESITE == settings.SESSION_COOKIE_SAMESITE == "Lax"
    assert settings.CSRF_COOKIE_DOMAIN is settings.SESSION_COOKIE_DOMAIN is None
    assert not settings.CSRF_TRUSTED_ORIGINS
