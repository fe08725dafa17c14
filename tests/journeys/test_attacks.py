"""Scripts in every field that anybody can write to, and every page that shows one: inert.

The attacks stand in the database as if they had come past every form, which is the worst that
can be; then each address of all hosts that shows one is opened in a real browser. Nothing is run,
nothing foreign is asked for, and the policy had nothing to refuse: not one script was even there
to be tried. A platform of its own, as no other walk should meet what is in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import override_settings
from playwright.sync_api import Browser, expect
from wagtail.fields import StreamField
from wagtail.models import Page, Revision

from common.fields import EncryptedTextField
from common.my_number import MASK
from organisations.models import Organisation
from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.models import Municipality
from tests.cases.everywhere import kept
from tests.isolation.access_table import questions
from tests.isolation.access_world import World, make_world
from tests.journeys.conftest import Platform, _copy_of, running
from tests.journeys.walking import Walker
from tests.journeys.watching import Watched, give_session, watched

pytestmark = pytest.mark.journey
# As long as the field allows; the short ones stand for those that have room for no more.
ATTACKS = [
    "\"'><script>window.pwned=1;alert(1)</script><img src=//evil.example/x onerror=alert(2)>"
    "<svg onload=alert(3)></svg><a href='javascript:alert(4)'>x</a>{{7*7}}"
    "<style>*{display:none}</style>",
    "\"'><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
]
LINK = "javascript:alert(document.domain)"
MARK = "alert("
NUMBER = "123456789018"
_IDLE = "() => new Promise(done => requestIdleCallback(done, {timeout: 500}))"
# Not words of anybody's: what the product itself writes there, in a form it reads again.
LEFT_ALONE = {
    "path", "url_path", "schema_name", "codename", "language_code", "app_label", "model", "domain",
    "session_key", "password", "translation_key", "file_hash", "filter_spec", "focal_point_key",
    "number", "code", "serial", "key", "digest", "data_hash", "slug", "record_hash", "uid",
    "hidden_reason", "link_type", "cidr",
}  # fmt: skip
PEOPLE = {
    HostKind.PORTAL: "resident",
    HostKind.MUNICIPALITY: "resident",
    HostKind.ADMIN: "administrator",
    HostKind.OPERATOR: "operator",
}


@pytest.fixture(scope="module")
def poisoned(
    prepared_database: str, django_db_blocker: Any, tmp_path_factory: Any, worker_id: str
) -> Iterator[tuple[Platform, World]]:
    data_dir = tmp_path_factory.mktemp("attacked")
    suffix = os.environ.get("TEST_DB_SUFFIX", "")
    with django_db_blocker.unblock():
        url = _copy_of(prepared_database, f"furusato_attacked_{suffix}{worker_id}")
        with running(url, data_dir) as platform:
            with platform.own_process(), override_settings(MEDIA_ROOT=data_dir / "media"):
                here, there = (Municipality.objects.get(slug=s) for s in ("kesennuma", "hida"))
                world = make_world(here, there)
                poison_everything(world)
            yield platform, world


def poison_everything(world: World) -> None:
    connection.set_schema_to_public()
    for model in (
        *of("accounts", "Resident", "User"),
        *of("registration", "Registration"),
        *of("organisations", "Organisation", "Standing"),
        *of("tenants", "ParticipationRequest", "RequestNote", "NetworkRange"),
        *of("portal", "ActivityListing", "Listing"),
        *of("attendance", "SignUp"),
    ):
        poison(model)
    Organisation.objects.update(website=LINK)
    with municipality_context(world.here):
        for model in (
            *of("pages", "HomePage", "ArticlePage", "ArticleIndexPage"),
            *of("activities", "ActivityPage", "Session", "ActivityIndexPage"),
            *of("surveys", "SurveyItem", "SurveyAnswer"),
            *of("community", "Room", "Post"),
            *of("wagtailimages", "Image"),
            *of("wagtaildocs", "Document"),
            *of("wagtailcore", "Collection", "PageLogEntry", "ModelLogEntry"),
            *of("wagtailredirects", "Redirect"),
            *of("taggit", "Tag"),
        ):
            poison(model)
        for page in Page.objects.filter(depth__gt=1).specific():
            # What the admin shows comes out of revisions.
            for revision in Revision.objects.for_instance(page):
                revision.content = page.serializable_data() | {"pk": page.pk}
                revision.save(update_fields=["content"])


def of(app: str, *names: str) -> Iterator[type[models.Model]]:
    for name in names:
        try:
            yield apps.get_model(app, name)
        except LookupError:
            continue


def poison(model: type[models.Model]) -> None:
    """An attack into every text of every row of this table, and into every block of a page."""
    values: dict[str, Any] = {}
    for field in model._meta.local_fields:
        if field.name in LEFT_ALONE or field.choices or field.unique:
            continue
        if isinstance(field, StreamField):
            values[field.name] = json.dumps(list(blocks_of(field)))
        elif isinstance(field, models.URLField):
            values[field.name] = LINK
        elif type(field) in {models.CharField, models.TextField, EncryptedTextField}:
            room = field.max_length or 1000
            fitting = [attack for attack in ATTACKS if len(attack) <= room]
            if fitting:
                values[field.name] = fitting[0]
    if model._meta.parents:  # the title stands in the parent's table
        titled = {"title", "draft_title", "seo_title", "search_description"}
        Page.objects.filter(pk__in=model.objects.values("pk")).update(
            **{name: ATTACKS[0] for name in titled}
        )
    if values:
        model.objects.update(**values)


def blocks_of(field: StreamField) -> Iterator[dict[str, Any]]:
    for name, block in field.stream_block.child_blocks.items():
        yield {
            "type": name,
            "value": _value(block),
            "id": f"00000000-0000-4000-8000-{len(name):012}",
        }


def _value(block: Any) -> Any:
    if hasattr(block, "child_blocks"):
        return {name: _value(child) for name, child in block.child_blocks.items()}
    if hasattr(block, "child_block"):
        return [{"type": "item", "value": _value(block.child_block), "id": "1"}]
    if "Chooser" in type(block).__name__:
        return None
    return f"<p>{ATTACKS[0]}</p>" if type(block).__name__ == "TextBlock" else ATTACKS[0]


def addresses(world: World, kind: HostKind) -> list[str]:
    more = {
        HostKind.PORTAL: [
            f"/activities/?word={quote(ATTACKS[0])}",
            f"/activities/?page={quote(ATTACKS[1])}&prefecture={quote(ATTACKS[1])}",
            f"/account/login/?next={quote(LINK)}",
            f"/account/signup/?next={quote(ATTACKS[0])}",
            f"/nothing/{quote(ATTACKS[2])}/",
            f"/v/{quote(ATTACKS[2])}/",
        ],
        HostKind.MUNICIPALITY: [
            f"/enter/?next={quote(LINK)}",
            f"/news/?page={quote(ATTACKS[0])}",
            f"/nothing/{quote(ATTACKS[2])}/",
        ],
        HostKind.ADMIN: [
            "/admin/pages/{home}/edit/",
            "/admin/pages/{article}/edit/",
            "/admin/pages/{article}/history/",
            "/admin/pages/{home}/view_draft/",
            "/admin/pages/{article}/view_draft/",
            f"/admin/images/?q={quote(ATTACKS[0])}",
            f"/admin/pages/search/?q={quote(ATTACKS[0])}",
            f"/admin/login/?next={quote(LINK)}",
        ],
        HostKind.OPERATOR: [f"/requests/?status={quote(ATTACKS[0])}", f"/sign-in/?next={LINK}"],
    }[kind]
    asked = [question.path for question in questions(kind, world.values)]
    # Parts of lists, which a script puts into the page of the list.
    known = [path for path in asked if "results/" not in path]
    return list(dict.fromkeys([*known, *(one.format_map(_Values(world.values)) for one in more)]))


class _Values(dict):
    """Braces in an attack are no names."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


@pytest.mark.parametrize("kind", list(PEOPLE))
def test_every_page_that_shows_an_attack_shows_it_as_text(
    browser: Browser, poisoned: tuple[Platform, World], walkers: list[Walker], kind: HostKind
) -> None:
    platform, world = poisoned
    one = watched(browser)
    walkers.append(one.walker)
    where = world.host(kind)
    with platform.own_process():
        key = world.session(PEOPLE[kind], kind)
    give_session(one, platform, where, key)
    shown = 0
    for path in addresses(world, kind):
        url = f"http://{where}:{platform.port}{path}"
        answer = httpx.get(
            f"http://127.0.0.1:{platform.port}{path}",
            headers={"Host": where, "Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"},
            timeout=60,
        )
        if "html" not in answer.headers.get("content-type", ""):
            continue
        assert "content-security-policy" in answer.headers, path
        if MARK not in answer.text and quote(MARK) not in answer.text:
            continue
        shown += 1
        one.page.goto(url)  # until everything in it has been loaded, or failed to
        one.page.evaluate(_IDLE)
        inert(one, path)
    assert shown >= {"operator": 3, "portal": 4, "municipality": 4, "admin": 25}[kind.value], shown


def inert(one: Watched, path: str) -> None:
    for frame in one.page.frames:
        assert frame.evaluate("window.pwned") is None, path
        assert frame.locator("a[href^='javascript:' i]").count() == 0, path
        # No element of an attack's stands in the page; in an editor neither.
        for selector in ("img[src*='evil.example']", "svg[onload]", "img[onerror]", "[onclick]"):
            assert frame.locator(selector).count() == 0, (path, selector)
    assert one.dialogs == [], path
    # The editor reads what is pasted in a document apart, whose handlers the policy refuses.
    refused = [text for text in one.refused if "/wagtailadmin/js/draftail.js" not in text]
    assert refused == [], path
    foreign = [problem for problem in one.walker.problems if "foreign" in problem]
    assert foreign == [], path


def test_an_attack_in_a_title_and_a_file_name_stays_inert(
    browser: Browser, poisoned: tuple[Platform, World], walkers: list[Walker], tmp_path: Path
) -> None:
    platform, world = poisoned
    one = watched(browser)
    walkers.append(one.walker)
    with platform.own_process():
        host = world.host(HostKind.ADMIN)
        give_session(one, platform, host, world.session("administrator", HostKind.ADMIN))
    address = platform.url(f"{world.here.slug}.admin", "/admin/documents/add/")
    an_attack_is_uploaded(one, address, tmp_path)


def an_attack_is_uploaded(one: Watched, address: str, folder: Path) -> None:
    """Under a name that is one; and what is no document is refused."""
    page = one.page
    one.open(address)
    page.locator("[name=title]").fill(ATTACKS[0])
    pdf = {"name": f"{ATTACKS[1]}.pdf", "mimeType": "application/pdf", "buffer": b"<html></html>"}
    page.locator("[type=file]").set_input_files(pdf)
    page.locator("form [type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("中身が一致していません")
    inert(one, address)
    page.locator("[name=title]").fill(ATTACKS[0])
    page.locator("[type=file]").set_input_files(pdf | {"buffer": b"%PDF-1.7\n%%EOF"})
    page.locator("form [type=submit]").last.click()
    page.wait_for_url("**/admin/documents/")
    inert(one, address)


def test_mails_are_plain_text(poisoned: tuple[Platform, World]) -> None:
    platform, world = poisoned
    platform.mailbox.wait_for(f"new@{world.here.slug}.example.jp")
    assert platform.mailbox.messages
    for message in platform.mailbox.messages:
        assert message.get_content_type() == "text/plain"


def test_neither_logs_nor_database_hold_an_individual_number(
    browser: Browser, poisoned: tuple[Platform, World], walkers: list[Walker]
) -> None:
    """Case 20 in the running product: web server, worker, their log, and all of the database."""
    platform, world = poisoned
    one = watched(browser)
    walkers.append(one.walker)
    page = one.page
    for host in ("", world.here.slug, f"{world.here.slug}.admin", "operator"):
        one.open(platform.url(host, f"/{NUMBER}/"), status=404)
        one.page.goto(platform.url(host, f"/?q={NUMBER}"))
    one.open(platform.url("", "/account/login/"))
    page.locator("[name=email]").first.fill(f"{NUMBER}@example.jp")
    page.locator("main form [type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("個人番号（マイナンバー）")
    with platform.own_process():
        host = world.host(HostKind.MUNICIPALITY)
        give_session(one, platform, host, world.session("resident", HostKind.MUNICIPALITY))
        room = world.values["room_slug"]
    one.open(platform.url(world.here.slug, f"/rooms/{room}/"))
    page.locator("[name=body]").last.fill("番号は 1234-5678-9018 です。")
    page.locator("main form [type=submit]").last.click()
    expect(page.locator("main")).to_contain_text("個人番号（マイナンバー）")
    with platform.own_process():
        kept_there = "\n".join(content for _table, content in kept())
    log = (platform.data_dir / "log.txt").read_text()
    assert MASK in log
    for spelling in (NUMBER, "1234-5678-9018"):
        assert spelling not in log
        assert spelling not in kept_there
