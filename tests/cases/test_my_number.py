"""Case 20: an individual number in any form, file name or log line is refused or masked; the
database's dump and the logs hold none."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import polib
import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail_localize.models import StringTranslation, Translation

from activities.queries import activity_index
from common.my_number import MASK
from pages.models import ArticleIndexPage, ArticlePage
from tenants.context import municipality_context
from tenants.enums import HostKind
from tenants.models import Municipality
from tests.cases.everywhere import WHO, Form, client_for, forms, kept
from tests.factories.accounts import ResidentFactory
from tests.factories.surveys import make_item
from tests.isolation.access_world import World, make_world

NUMBER = "123456789018"  # an example that everybody uses; it was never given to anybody
SPELLINGS = [NUMBER, "1234-5678-9018", "1234 5678 9018", "１２３４５６７８９０１８"]
SENTENCE = "個人番号（マイナンバー）と思われる12桁の数字"
# Refused, too, though with the sentence of their own kind: no number of twelve digits is a date,
# a postal code, a telephone number or furigana. And where one is asked again who one is, first.
IN_OTHER_WORDS = {
    "family_kana", "given_kana", "birth_date_year", "birth_date_month", "birth_date_day",
    "postal_code", "phone", "starts_at", "ends_at", "apply_until", "designated_from",
    "published_on", "go_live_at", "expire_at", "/account/email/ email", "contact_phone",
    # Codes of ours, which may be digits alone; and what goes with a passkey that is not one.
    "/account/login/recovery/ code", "/claim/ code", "/my/earlier/ code-code",
    "/second-factor/add/ label",
}  # fmt: skip
_stream = io.BytesIO()
Image.new("RGB", (8, 8)).save(_stream, "PNG")
PICTURE = _stream.getvalue()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Any:
    before = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():
        here, there = (Municipality.objects.get(slug=slug) for slug in ("kesennuma", "hida"))
        made = make_world(here, there)
        make_item(here, "ひとことお書きください。", kind="long_text")
        made.people["newcomer"] = ResidentFactory().user
        with municipality_context(here):
            made.values["news"] = str(ArticleIndexPage.objects.get(locale__language_code="ja").pk)
            made.values["activities"] = str(activity_index().pk)
        yield made
        transaction.set_rollback(True)
    ContentType.objects.clear_cache()
    settings.MEDIA_ROOT = before


@pytest.fixture
def logs() -> Any:
    """What the platform's processes write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("{asctime} {levelname} {name} {message}", style="{"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


def found_in_the_database() -> list[str]:
    return [
        f"{table}: {spelling}"
        for table, content in kept()
        for spelling in [*SPELLINGS, "5678-9018", "56789018"]
        if spelling in content
    ]


def sent(world: World, kind: HostKind, who: str | None, form: Form, **changed: Any) -> str:
    data = form.values | changed
    client = client_for(world, kind, who)
    if form.method.lower() != "post":
        answer = client.get(form.action, data, follow=True)
    else:
        answer = client.post(form.action, data, follow=True)
    assert answer.status_code < 500, (form, changed)
    body = answer.getvalue().decode()
    if "json" in answer.get("Content-Type", ""):
        return json.dumps(json.loads(body), ensure_ascii=False)
    return str(body)


def test_no_form_and_no_file_name_anywhere_takes_it(world: World, logs: Any) -> None:
    """Every field of every form, one after the other, by whoever may see it."""
    taken, asked = [], 0
    for kind, who in WHO:
        for form in forms(world, kind, who):
            where = form.action.partition("?")[0]
            for number, name in enumerate(form.typed):
                said = sent(world, kind, who, form, **{name: SPELLINGS[number % len(SPELLINGS)]})
                known = {name.rsplit("-", 1)[-1], f"{where} {name}"} & IN_OTHER_WORDS
                if form.method.lower() == "post" and SENTENCE not in said and not known:
                    taken.append(f"{kind.value} {who} {where}: {name}")
                asked += 1
            for name in form.files:
                file = SimpleUploadedFile(f"card_{NUMBER}.png", PICTURE, "image/png")
                if SENTENCE not in sent(world, kind, who, form, **{name: file}):
                    taken.append(f"{kind.value} {who} {where}: file {name}")
                asked += 1
    assert not taken, "\n".join(taken)
    assert asked > 150
    assert not found_in_the_database()
    assert not [line for line in logs().splitlines() for one in SPELLINGS if one in line]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_content_of_a_page_takes_it(world: World, spelling: str) -> None:
    client = client_for(world, HostKind.ADMIN, "administrator")
    for block in (
        ("text", rich_text(f"<p>番号は<b>{spelling}</b>です。</p>")),
        ("text", rich_text(f"<p>{spelling[:5]}<b>{spelling[5:]}</b></p>")),
        ("contact", {"heading": "窓口", "office": spelling, "phone": "", "email": "", "hours": ""}),
        ("contact", {"heading": spelling, "office": "課", "phone": "", "email": "", "hours": ""}),
    ):
        data = nested_form_data(
            {
                "title": "お知らせ",
                "slug": "oshirase",
                "published_on": "2026-10-01",
                "body": streamfield([block]),
            }
        )
        answer = client.post(
            f"/admin/pages/add/pages/articlepage/{world.values['news']}/", data | {"lead": ""}
        )
        assert answer.status_code == 200
        # Wagtail hands the errors of content to its script as JSON.
        escaped = json.dumps(SENTENCE)[1:-1]
        assert {SENTENCE in answer.content.decode(), escaped in answer.content.decode()} == {
            True,
            False,
        }
    with municipality_context(world.here):
        assert not ArticlePage.objects.filter(title="お知らせ").exists()
    assert not found_in_the_database()


def test_a_translation_is_kept_without_it(world: World) -> None:
    """One by one from the editor, and as a file, past every form."""
    client = client_for(world, HostKind.ADMIN, "administrator")
    translation, segment = world.values["translation"], world.values["segment"]
    answer = client.put(
        f"/admin/localize/translate/{translation}/strings/{segment}/edit/",
        f"value=My number is {NUMBER}",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (200, 201), answer.content
    with municipality_context(world.here):
        assert StringTranslation.objects.get().data == f"My number is {MASK}"
        po: polib.POFile = Translation.objects.get(pk=translation).export_po()
        for entry in po:
            entry.msgstr = f"Number {SPELLINGS[1]}"
    file = SimpleUploadedFile("a.po", str(po).encode())
    answer = client.post(
        f"/admin/localize/translate/{translation}/pofile/upload/", {"file": file}, follow=True
    )
    assert answer.status_code == 200
    with municipality_context(world.here):
        assert {one.data for one in StringTranslation.objects.all()} == {f"Number {MASK}"}
    assert not found_in_the_database()


def test_no_address_leaves_it_anywhere(world: World, logs: Any) -> None:
    """In a path, a query, on the way to another host, in a header."""
    for kind, who in WHO:
        client = client_for(world, kind, who)
        for path in (
            f"/{NUMBER}/",
            f"/?q={NUMBER}",
            f"/activities/?word={SPELLINGS[1]}",
            "/nothing/1234%205678%209018/",
            f"/enter/?next=/rooms/{NUMBER}/",
            f"/handoff/?to=042056&browser={'a' * 64}&next=/rooms/%3Fq={NUMBER}",
            f"/admin/pages/{NUMBER}/edit/",
        ):
            answer = client.get(path, headers={"referer": f"http://localhost/{NUMBER}"})
            assert answer.status_code < 500, path
    text = logs()
    assert f"Not Found: /{MASK}/" in text
    assert not [line for line in text.splitlines() for one in SPELLINGS if one in line]
    assert not found_in_the_database()


def test_the_search_would_find_it(world: World) -> None:
    """What stands in any table, encrypted or in a session is found by the search above."""
    resident = world.people["resident"].resident
    with transaction.atomic():
        resident.address_line = NUMBER
        resident.save()
        session = client_for(world, HostKind.PORTAL, "resident").session
        session["x"] = SPELLINGS[1]
        session.save()
        with municipality_context(world.here):
            ArticlePage.objects.update(title=SPELLINGS[3])
        found = found_in_the_database()
        transaction.set_rollback(True)
    where = "\n".join(found)
    for place in ("sessions: ", "public: accounts.Resident: ", "m042056.wagtailcore_page: "):
        assert place in where
