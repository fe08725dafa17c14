"""No screen of the admin shows English to an editor who works in Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import wagtail.admin
from bs4 import BeautifulSoup
from bs4.element import NavigableString
from django.core.files.base import ContentFile
from django.template.loader import get_template
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, Locale

from common import catalogues
from tenants.context import municipality_context
from tenants.staff.roles import Role

ENGLISH = re.compile(r"[A-Za-z]{3,}")
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
# Names, a column's name in a file, and what is never shown.
NOT_WORDS = re.compile(r"English|URL|GIF|PNG|JPE?G|WEBP|CSV|XLSX|TSV|/\w+/?|\w+\.(txt|png)")
NOT_SHOWN = "script, style, [hidden], .component-form__fieldname-enabled, code"
SPOKEN = ("title", "aria-label", "placeholder", "alt")
SCREENS = """
/admin/ /admin/pages/ /admin/pages/{home}/ /admin/pages/{home}/edit/
/admin/pages/add/pages/articlepage/{news}/ /admin/pages/{article}/history/
/admin/pages/{article}/edit/ /admin/pages/{article}/revisions/{revision}/revert/
/admin/pages/{article}/usage/ /admin/pages/{article}/move/ /admin/pages/{article}/copy/
/admin/pages/{article}/delete/ /admin/pages/{article}/unpublish/ /admin/pages/{article}/privacy/
/admin/bulk/wagtailcore/page/publish/?id={article}
/admin/bulk/wagtailcore/page/unpublish/?id={news} /admin/bulk/wagtailcore/page/move/?id={article}
/admin/choose-page/ /admin/choose-external-link/ /admin/choose-email-link/
/admin/choose-phone-link/ /admin/choose-anchor-link/
/admin/images/ /admin/images/add/ /admin/images/{image}/ /admin/images/usage/{image}/
/admin/images/chooser/ /admin/bulk/wagtailimages/image/add_to_collection/?id={image}
/admin/documents/ /admin/documents/multiple/add/ /admin/documents/edit/{document}/
/admin/documents/chooser/
/admin/collections/ /admin/collections/add/ /admin/collections/{collection}/privacy/
/admin/redirects/ /admin/redirects/add/ /admin/redirects/import/
/admin/reports/site-history/ /admin/reports/aging-pages/
/admin/localize/reports/translations/ /admin/localize/submit/page/{article}/
/admin/locales/ /admin/locales/new/ /admin/locales/edit/{english}/ /admin/account/
/admin/premium/ /admin/premium/many/ /admin/premium/stays/ /admin/premium/conditions/
/admin/password_reset/ /admin/password_reset/done/ /admin/nowhere/
""".split()
COPIES = ["home.html", "shared/header.html", "shared/headers/_actions.html"]


def said(html: str) -> Iterator[str]:
    """What a page says to those who see it and to those who listen to it."""
    soup = BeautifulSoup(html, "html.parser")
    for hidden in soup.select(NOT_SHOWN):
        hidden.decompose()
    yield from (str(text) for text in soup.find_all(string=lambda t: type(t) is NavigableString))
    for element in soup.find_all(True):
        yield from (element[name] for name in SPOKEN if element.has_attr(name))
        if element.get("type") in {"submit", "button"}:
            yield element.get("value", "")


@pytest.fixture
def screens(staff, the_home, publish_article, picture_file, kesennuma):
    """`screens()` is each screen's address and what an administrator gets there."""
    client, _user = staff(kesennuma, Role.ADMINISTRATOR)
    with municipality_context(kesennuma):
        article = publish_article("港の朝", slug="minato")
        article.save_revision()
        image = Image.objects.create(title="海", description="海", file=picture_file())
        document = Document.objects.create(title="書", file=ContentFile(b"x", name="a.txt"))
        collection = Collection.get_first_root_node().add_child(name="催し")
        Redirect.objects.create(old_path="/kyu", redirect_link="/news/")
        keys = {
            "home": the_home().pk,
            "news": article.get_parent().pk,
            "article": article.pk,
            "revision": article.revisions.order_by("pk").first().pk,
            "image": image.pk,
            "document": document.pk,
            "collection": collection.pk,
            "english": Locale.objects.get(language_code="en").pk,
        }
    client.post(f"/admin/localize/submit/page/{article.pk}/", {"locales": [keys["english"]]})

    def get() -> Iterator[tuple[str, str]]:
        for screen in SCREENS:
            path = screen.format(**keys)
            answer = client.get(path)
            assert answer.status_code == (404 if "nowhere" in path else 200), path
            is_html = answer["Content-Type"].startswith("text/html")
            yield path, answer.content.decode() if is_html else answer.json()["html"]

    return get


def test_no_screen_of_the_admin_speaks_english(screens):
    catalogues.compile_catalogues()
    spoken = {
        f"{path}: {text.strip()}"
        for path, html in screens()
        for text in said(html)
        if ENGLISH.search(NOT_WORDS.sub("", text)) and not JAPANESE.search(text)
    }
    assert spoken == set()


def test_privacy_is_set_for_roles_by_the_names_staff_know(staff, the_home, kesennuma):
    client, _user = staff(kesennuma, Role.ADMINISTRATOR)
    with municipality_context(kesennuma):
        home = the_home()
    dialogue = client.get(f"/admin/pages/{home.pk}/privacy/").json()["html"]
    for role in Role:
        assert str(role.label) in dialogue


def test_a_version_that_nobody_saved_has_no_author_called_none(staff, the_home, kesennuma):
    client, _user = staff(kesennuma)
    with municipality_context(kesennuma):
        home = the_home()
    answer = client.get(f"/admin/pages/{home.pk}/revisions/{home.latest_revision_id}/revert/")
    warning = BeautifulSoup(answer.content, "html.parser").select_one(".messages li.warning")
    assert "システム" in warning.text
    assert "None" not in warning.text


@pytest.mark.parametrize("name", COPIES)
def test_a_copied_template_differs_from_wagtails_by_the_word_translated(name):
    """Where it does not: copy it anew, and see whether Wagtail now translates the word."""
    ours = Path(get_template(f"wagtailadmin/{name}").origin.name)
    assert "pages" in ours.parts
    theirs = Path(wagtail.admin.__file__).parent / "templates" / "wagtailadmin" / name
    copied = re.sub(r'{% translate "(\w+)" %}', r"\1", ours.read_text())
    copied = re.sub(r"\A{# .* #}\n", "", copied).removeprefix("{% load i18n %}\n")
    assert copied == theirs.read_text()
