"""What every answer tells the browser: a table of hosts and headers, errors and files included."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from wagtail.documents.models import Document

from config.errors import too_many_requests
from pages.models import HomePage
from tenants import middleware
from tenants.context import municipality_context
from tenants.staff.roles import Role
from tests.factories.staff import staff_client

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PORTAL, CITY, ADMIN, OPERATOR = (
    "localhost",
    "kesennuma.localhost",
    "kesennuma.admin.localhost",
    "operator.localhost",
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NONCE = re.compile(r"'nonce-[A-Za-z0-9+/=]{22,}'")
# Host: the frame header, camera, passkeys, who may frame it, where forms may lead.
OURS = "'self' http://localhost:8000 http://*.localhost:8000"
TABLE = {
    PORTAL: ("DENY", "camera=(self)", "publickey-credentials-get=(self)", "'none'", OURS),
    CITY: ("DENY", "camera=()", "publickey-credentials-get=()", "'none'", OURS),
    ADMIN: ("SAMEORIGIN", "camera=()", "publickey-credentials-get=(self)", "'self'", "'self'"),
    OPERATOR: ("DENY", "camera=()", "publickey-credentials-get=(self)", "'none'", "'self'"),
}


def policy(answer: Any) -> dict[str, list[str]]:
    parts = answer["Content-Security-Policy"].split("; ")
    return {name: rest.split() for name, _space, rest in (part.partition(" ") for part in parts)}


def hold(answer: Any, what: str) -> None:
    """What holds for every answer there is."""
    for name, value in EVERYWHERE.items():
        assert answer.get(name) == value, (what, name, answer.get(name))
    assert answer.get("X-Frame-Options") in {"DENY", "SAMEORIGIN"}, what
    assert "geolocation=()" in answer["Permissions-Policy"], what
    assert "microphone=()" in answer["Permissions-Policy"], what
    told = policy(answer)
    for sources in told.values():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(sources), what
        for source in sources:
            assert source.startswith(("'", "data:", "blob:")) or "localhost" in source, (
                what,
                source,
            )
    if "sandbox" not in told:
        assert any(NONCE.fullmatch(source) for source in told["script-src"]), what
        assert told.get("base-uri") == ["'none'"], what
        assert told["frame-ancestors"] in (["'none'"], ["'self'"]), what


@pytest.mark.parametrize("host", TABLE)
def test_each_host_and_its_headers(kesennuma, host):
    frame, camera, passkeys, ancestors, form_action = TABLE[host]
    path_there = "/admin/login/" if host == ADMIN else "/sign-in/" if host == OPERATOR else "/"
    answer = Client(headers={"host": host}).get(path_there)
    assert answer.status_code == 200
    hold(answer, host)
    told = policy(answer)
    assert answer["X-Frame-Options"] == frame
    permissions = answer["Permissions-Policy"].split(", ")
    assert {camera, passkeys, "payment=()", "usb=()"} <= set(permissions)
    assert told["frame-ancestors"] == [ancestors]
    assert " ".join(told["form-action"]).replace(":8000", "") == form_action.replace(":8000", "")
    assert told["default-src"] == ["'none'"]
    assert told["object-src"] == ["'none'"]
    # A script runs by its nonce alone where no foreign code needs another way.
    assert ("'self'" in told["script-src"]) == (host == ADMIN)


@pytest.mark.parametrize("host", [PORTAL, CITY, ADMIN, OPERATOR])
def test_pages_for_what_is_not_there_and_for_what_is_not_allowed(kesennuma, host):
    strict = Client(headers={"host": host}, enforce_csrf_checks=True)
    where = {ADMIN: "/admin/login/", OPERATOR: "/sign-in/", CITY: "/participants/"}.get(
        host, "/account/login/"
    )
    answers = {
        404: strict.get("/nothing/at-all.php"),
        403: strict.post(where if host != CITY else "/enter/", {"x": "y"}),
        400: strict.get("/?a=%00"),
        413: strict.post("/", data=b"x" * 10_000_000, content_type="application/octet-stream"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status, (status, answer.status_code)
        hold(answer, f"{host} {status}")


def boom(request: Any) -> HttpResponse:
    raise RuntimeError("our fault")


class Urls:
    urlpatterns = [path("boom/", boom), path("slow/", too_many_requests)]
    handler500 = "config.errors.server_error"
    handler404 = "config.errors.not_found"


@pytest.mark.parametrize(("where", "status"), [("/boom/", 500), ("/slow/", 429)])
def test_pages_for_our_own_faults_and_for_too_many_attempts(kesennuma, monkeypatch, where, status):
    monkeypatch.setitem(middleware._URLCONFS, "portal", Urls)
    answer = Client(raise_request_exception=False, headers={"host": PORTAL}).get(where)
    assert answer.status_code == status
    hold(answer, where)


@pytest.mark.parametrize(
    ("host", "path_there", "status"),
    [
        ("nobody.localhost", "/", 404),
        ("evil.example", "/", 404),
        (PORTAL, "/healthz", None),
        (PORTAL, "/static/themes/css/base.css", 200),
        (CITY, "/static/themes/img/icon.svg", 200),
        (ADMIN, "/static/wagtailadmin/js/core.js", 200),
    ],
)
def test_unknown_hosts_probes_and_static_files(kesennuma, settings, host, path_there, status):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    answer = Client(headers={"host": host}).get(path_there)
    assert status in (None, answer.status_code)
    hold(answer, f"{host}{path_there}")
    if status == 404:
        told = policy(answer)
        assert told["default-src"] == told["form-action"] == ["'none'"]


def test_uploads_are_downloads_in_a_sandbox(kesennuma, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with municipality_context(kesennuma):
        document = Document.objects.create(
            title="要項", file=SimpleUploadedFile("youkou.pdf", b"%PDF-1.7 %%EOF")
        )
        url = f"/documents/{document.pk}/{document.filename}"
    for client in (Client(headers={"host": CITY}), staff_client(kesennuma, Role.ADMINISTRATOR)):
        answer = client.get(url)
        assert answer.status_code == 200
        hold(answer, url)
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_desk_alone_may_use_the_camera_and_compiled_code(kesennuma):
    for path_there in ("/desk/", "/desk/offline/", "/en/desk/offline/", "/", "/desk/data/"):
        answer = Client(headers={"host": CITY}).get(path_there)
        hold(answer, path_there)
        is_desk = path_there not in {"/", "/desk/data/"}
        assert ("camera=(self)" in answer["Permissions-Policy"]) == is_desk, path_there
        assert ("'wasm-unsafe-eval'" in policy(answer)["script-src"]) == is_desk, path_there
    answer = Client(headers={"host": PORTAL}).get("/c/offline/")
    assert "'wasm-unsafe-eval'" not in policy(answer)["script-src"]


def test_a_page_has_a_nonce_of_its_own_each_time_and_its_scripts_have_it(kesennuma):
    """Case 16: a page that is the same for everybody is still told anew which scripts run."""
    seen = set()
    for _time in range(3):
        answer = Client(headers={"host": CITY}).get("/")
        nonce = next(s for s in policy(answer)["script-src"] if NONCE.fullmatch(s))[7:-1]
        seen.add(nonce)
        tags = re.findall(r"<script\b[^>]*>", answer.content.decode())
        assert tags
        assert all(f'nonce="{nonce}"' in tag for tag in tags)
        # No cache between us and the reader may keep a nonce.
        assert answer["Cache-Control"] == "private, no-cache"
    assert len(seen) == 3


def test_no_cache_of_whole_answers_is_among_the_middleware(settings):
    assert not [name for name in settings.MIDDLEWARE if "cache" in name.lower()]


def test_hsts_holds_for_every_host_below_ours_in_production(kesennuma, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    for host in (PORTAL, CITY, ADMIN, OPERATOR, "nobody.localhost"):
        answer = Client(headers={"host": host}).get("/", secure=True)
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_hsts_is_set_in_production():
    shown = subprocess.run(
        [
            sys.executable,
            "-c",
            "from config.settings import security as s;"
            "print(s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS)",
        ],
        cwd=ROOT / "site",
        env={"ENVIRONMENT": "production", "SECRET_KEY": "x" * 50, "PATH": "", "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.split() == ["31536000", "True"]


def test_a_preview_has_the_policy_of_the_public_site(kesennuma):
    with municipality_context(kesennuma):
        page = HomePage.objects.get(locale__language_code="ja").pk
    answer = staff_client(kesennuma, Role.ADMINISTRATOR).get(f"/admin/pages/{page}/view_draft/")
    assert answer.status_code == 200
    hold(answer, "preview")
    told = policy(answer)
    assert "'self'" not in told["script-src"]
    assert told["style-src"] == ["'self'"]
    assert told["frame-ancestors"] == ["'self'"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_every_script_of_ours_carries_the_nonce():
    """A page on a public host whose script has none would be left without it."""
    without = [
        f"{found.relative_to(ROOT)}: {tag}"
        for folder in ("activities", "surveys", "community", "themes", "tenants", "pages", "site")
        for found in (ROOT / folder).rglob("templates/**/*.html")
        if "/wagtail" not in str(found.relative_to(ROOT))
        for tag in re.findall(r"<script\b(?:[^>%]|%(?!\})|%\})*>", found.read_text())
        if "nonce=" not in tag and "application/json" not in tag
    ]
    assert not without, without
