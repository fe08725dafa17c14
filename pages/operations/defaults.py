"""The languages, the site and the first pages of a new municipality."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from django.conf import settings
from wagtail.models import Locale, Page, Site

from pages.blocks.contact import TELEPHONE
from pages.data import FIRST_PAGES
from pages.models import ArticleIndexPage, HomePage
from tenants.hosts import municipality_host
from tenants.models import Municipality, ParticipationRequest

HOME_SLUG = "home"
TRANSLATION_LANGUAGES = ["en"]


def make_default_pages(municipality: Municipality, request: ParticipationRequest) -> HomePage:
    """Make locales, site, front page and list of news in the active schema; safe to repeat.

    English has a locale and no pages: what is not translated yet shows in Japanese, and no
    page is ever there twice.
    """
    japanese, _made = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    for language in TRANSLATION_LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    existing = HomePage.objects.filter(locale=japanese).first()
    if existing is not None:
        return existing
    root = Page.get_first_root_node()
    if root.locale_id != japanese.pk:
        Page.objects.filter(pk=root.pk).update(locale=japanese)
    _remove_welcome_page()
    # Read afresh: deleting the welcome page changed the number of its children.
    root = Page.get_first_root_node()
    texts = _texts(municipality, request)
    home = HomePage(
        title=municipality.name,
        slug=HOME_SLUG,
        locale=japanese,
        lead=texts["home"]["lead"],
        body=texts["home"]["body"],
    )
    root.add_child(instance=home)
    Site.objects.create(
        hostname=municipality_host(municipality),
        port=settings.PUBLIC_PORT,
        site_name=municipality.full_name,
        root_page=home,
        is_default_site=True,
    )
    home.save_revision().publish()
    news = ArticleIndexPage(locale=japanese, show_in_menus=True, **texts["news"])
    home.add_child(instance=news)
    news.save_revision().publish()
    return home


def _remove_welcome_page() -> None:
    """Wagtail's migrations leave a site and a page that greets its developers."""
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()


def _texts(municipality: Municipality, request: ParticipationRequest) -> dict[str, Any]:
    phone = request.contact_phone
    words = {
        "name": municipality.name,
        "department": request.department,
        # A number the block would refuse must not lock the editor out of the first save.
        "phone": phone if re.match(TELEPHONE, phone) else "",
    }
    texts = tomllib.loads(FIRST_PAGES.read_text(encoding="utf-8"))
    return _filled(texts, words)


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(entry, words) for key, entry in value.items()}
    if isinstance(value, list):
        return [_filled(entry, words) for entry in value]
    return value.format(**words).strip()
