"""The languages, the site and the first pages of a new municipality."""

from __future__ import annotations

import re
import tomllib
import uuid
from typing import Any

from django.conf import settings
from wagtail.models import Collection, Locale, Page, PageLogEntry, Revision, Site
from wagtail.search import index

from common import clock
from pages.blocks.contact import TELEPHONE
from pages.data import FIRST_PAGES
from pages.models import ArticleIndexPage, HomePage
from tenants.hosts import municipality_host
from tenants.models import Municipality, ParticipationRequest

HOME_SLUG = "home"
TRANSLATION_LANGUAGES = ["en"]


def make_first_pages() -> None:
    """Make locales, site, front page and list of news in the template.

    English has a locale and no pages: what is not translated yet shows in Japanese, and no
    page is ever there twice. The words are those of nobody yet: see `introduce`.
    """
    japanese, _made = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    for language in TRANSLATION_LANGUAGES:
        Locale.objects.get_or_create(language_code=language)
    root = Page.get_first_root_node()
    if root.locale_id != japanese.pk:
        Page.objects.filter(pk=root.pk).update(locale=japanese)
    _remove_welcome_page()
    # Read afresh: deleting the welcome page changed the number of its children.
    root = Page.get_first_root_node()
    texts = _texts()
    _name_roots(**texts["roots"])
    home = HomePage(title=HOME_SLUG, slug=HOME_SLUG, locale=japanese, **texts["home"])
    root.add_child(instance=home)
    Site.objects.create(
        hostname="localhost",
        port=settings.PUBLIC_PORT,
        site_name=HOME_SLUG,
        root_page=home,
        is_default_site=True,
    )
    home.save_revision().publish()
    news = ArticleIndexPage(locale=japanese, show_in_menus=True, **texts["news"])
    home.add_child(instance=news)
    news.save_revision().publish()


def introduce(municipality: Municipality, request: ParticipationRequest) -> None:
    """Put a municipality's names and addresses into the first pages of its new schema.

    By UPDATE, not by saving the pages: nobody has seen them yet, so there is no history to
    add to, and a page has one only from here on.
    """
    texts = _filled(_texts(), _words(municipality, request))
    Site.objects.update(
        hostname=municipality_host(municipality),
        port=settings.PUBLIC_PORT,
        site_name=municipality.full_name,
    )
    home = HomePage.objects.get()
    home.title = home.draft_title = municipality.name
    home.lead, home.body = texts["home"]["lead"], texts["home"]["body"]
    HomePage.objects.filter(pk=home.pk).update(lead=home.lead, body=home.body)
    now = clock.now()
    for page in [home, *(found.specific for found in Page.objects.filter(depth__gt=2))]:
        page.translation_key = uuid.uuid4()  # the template's would be everybody's
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = now
        fields = ["title", "draft_title", "translation_key", *_MOMENTS]
        Page.objects.filter(pk=page.pk).update(**{name: getattr(page, name) for name in fields})
        Revision.objects.filter(pk=page.latest_revision_id).update(
            content=page.serializable_data(), object_str=str(page), created_at=now
        )
        index.insert_or_update_object(page)
    PageLogEntry.objects.all().delete()


_MOMENTS = ["first_published_at", "last_published_at", "latest_revision_created_at"]


def _remove_welcome_page() -> None:
    """Wagtail's migrations leave a site and a page that greets its developers."""
    Site.objects.all().delete()
    for page in Page.objects.filter(depth=2):
        page.delete()


def _name_roots(page: str, collection: str) -> None:
    """Wagtail's migrations call both of them Root."""
    Page.objects.filter(depth=1).update(title=page, draft_title=page)
    Collection.objects.filter(depth=1).update(name=collection)


def _texts() -> dict[str, Any]:
    return tomllib.loads(FIRST_PAGES.read_text(encoding="utf-8"))


def _words(municipality: Municipality, request: ParticipationRequest) -> dict[str, str]:
    phone = request.contact_phone
    return {
        "name": municipality.name,
        "department": request.department,
        # A number the block would refuse must not lock the editor out of the first save.
        "phone": phone if re.match(TELEPHONE, phone) else "",
    }


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(entry, words) for key, entry in value.items()}
    if isinstance(value, list):
        return [_filled(entry, words) for entry in value]
    return value.format(**words).strip()
