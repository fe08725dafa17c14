"""A page in Japanese and English: translated by the municipality's editor, each at its address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import StringTranslation, Translation, TranslationSource

from pages.models import HomePage
from tenants.context import municipality_context
from tenants.staff.roles import Role

ADMIN_URLS = "config.urls_admin"


def translate(page: HomePage, words: dict[str, str]) -> Translation:
    """Translate `page` into English: `words` by the path of their field, the rest marked [en]."""
    english = Locale.objects.get(language_code="en")
    source, _made = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=english)
    for segment in source.stringsegment_set.select_related("string", "context"):
        StringTranslation.objects.create(
            translation_of=segment.string,
            context=segment.context,
            locale=english,
            data=words.get(segment.context.path, f"[en] {segment.string.data}"),
        )
    translation.save_target(publish=True)
    return translation


@pytest.fixture
def english_home(
    the_home: Callable[..., HomePage], django_capture_on_commit_callbacks: Any
) -> Callable[..., None]:
    """`english_home(municipality)` translates and publishes its front page."""

    def make(municipality: Any) -> None:
        with municipality_context(municipality):
            with django_capture_on_commit_callbacks(execute=True):
                translate(the_home(), {"title": "Kesennuma City", "lead": "Welcome to the sea."})

    return make


def test_a_translated_front_page_shows_in_english_at_its_own_address(
    visit, english_home, kesennuma, hida
):
    english_home(kesennuma)
    page = visit(kesennuma, "/en/").content.decode()
    assert "Welcome to the sea." in page
    assert "Kesennuma City" in page
    assert 'lang="en"' in page
    assert "has not been translated" not in page
    japanese = visit(kesennuma).content.decode()
    assert "気仙沼市のページへようこそ" in japanese
    assert "Welcome to the sea." not in japanese
    assert "Welcome to the sea." not in visit(hida, "/en/").content.decode()


def test_both_languages_name_each_other(visit, english_home, kesennuma):
    english_home(kesennuma)
    for path in ("/", "/en/"):
        page = visit(kesennuma, path).content.decode()
        assert 'hreflang="ja" href="http://kesennuma.localhost:8000/"' in page
        assert 'hreflang="en" href="http://kesennuma.localhost:8000/en/"' in page


def test_the_call_to_register_stays_in_the_readers_language(visit, english_home, kesennuma):
    english_home(kesennuma)
    page = visit(kesennuma, "/en/").content.decode()
    assert 'href="http://localhost:8000/en/register/042056/"' in page


def test_an_untranslated_page_shows_in_japanese_and_says_so(visit, kesennuma):
    page = visit(kesennuma, "/en/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "This page has not been translated yet." in text
    assert '<html lang="en"' in text
    assert 'lang="ja"' in text
    assert "hreflang" not in text.split("</head>")[0]
    assert '<link rel="canonical" href="http://kesennuma.localhost:8000/">' in text


def test_an_untranslated_page_under_a_translated_one_still_shows(
    visit, english_home, publish_article, kesennuma
):
    english_home(kesennuma)
    with municipality_context(kesennuma):
        publish_article("かつお祭り", slug="katsuo")
    page = visit(kesennuma, "/en/news/katsuo/")
    assert page.status_code == 200
    assert "かつお祭り" in page.content.decode()
    assert visit(kesennuma, "/en/nothing/").status_code == 404


def test_addresses_and_pictures_are_no_work_for_the_translator(the_home, kesennuma):
    with municipality_context(kesennuma):
        source, _made = TranslationSource.update_or_create_from_instance(the_home())
        paths = {s.context.path for s in source.stringsegment_set.select_related("context")}
        assert "slug" not in paths
        assert {"title", "lead"} <= paths
        texts = {s.string.data for s in source.stringsegment_set.select_related("string")}
        assert "0226-00-0000" not in texts  # a telephone number is the same in every language


def test_the_slug_of_a_translation_survives_a_second_publication(
    the_home, english_home, kesennuma, django_capture_on_commit_callbacks
):
    english_home(kesennuma)
    with municipality_context(kesennuma):
        before = the_home("en").url
        with django_capture_on_commit_callbacks(execute=True):
            Translation.objects.get().save_target(publish=True)
        assert the_home("en").url == before == "http://kesennuma.localhost:8000/en/"


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.EDITOR, True), (Role.ADMINISTRATOR, True), (Role.READER, False)],
)
def test_who_may_have_a_page_translated(staff, the_home, kesennuma, role, allowed):
    client, _user = staff(kesennuma, role)
    with municipality_context(kesennuma):
        home = the_home()
        english = Locale.objects.get(language_code="en")
    url = reverse("wagtail_localize:submit_page_translation", args=[home.pk], urlconf=ADMIN_URLS)
    answer = client.post(url, {"locales": [english.pk]})
    with municipality_context(kesennuma):
        assert HomePage.objects.filter(locale=english).exists() is allowed
    assert answer.status_code == 302


def test_an_editor_of_one_municipality_translates_nothing_at_another(
    staff, the_home, kesennuma, hida
):
    client, _user = staff(kesennuma)
    answer = client.get("/admin/", headers={"host": "hida.admin.localhost"})
    assert answer.status_code == 302
    assert "login" in answer["Location"]
