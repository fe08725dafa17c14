"""What can be asked about pages."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_supported_language_variant

from pages.models import HomePage


def home_page() -> HomePage | None:
    """The published front page in the active language, else in Japanese; one query.

    A schema has one site, so neither the site nor the locale nor the kind of its root has to
    be looked up first, as Wagtail's own routing does in four queries. The other languages come
    along, for the links to them.
    """
    homes = HomePage.objects.filter(live=True, depth=2).select_related("locale", "hero_image")
    by_language = {home.locale.language_code: home for home in homes}
    language = get_supported_language_variant(translation.get_language() or settings.LANGUAGE_CODE)
    home = by_language.get(language) or by_language.get(settings.LANGUAGE_CODE)
    if home is not None:
        home.known_translations = [
            other for other in by_language.values() if other is not home and not other.alias_of_id
        ]
    return home
