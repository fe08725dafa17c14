"""What every page of a municipality has, whatever its kind.

A mixin and not a base model: wagtail-localize expects pages to derive from `Page` itself.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import get_urlconf, reverse, set_urlconf
from django.utils import translation
from wagtail.models import Locale
from wagtail_localize.fields import SynchronizedField

from tenants.context import current_municipality
from tenants.enums import HostKind
from tenants.hosts import municipality_url


class MunicipalityPageMixin:
    """Addresses on the municipality's public host, its languages, previews.

    Comes before `Page` among a model's bases.
    """

    # A slug is an address, not a sentence: translations keep it, so it is nobody's work.
    override_translatable_fields = [SynchronizedField("slug", overridable=False)]

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """(site id, address of the public host, path there); None outside of the site's tree.

        The stored site knows neither scheme nor port of this installation, and the admin
        host's URLs have no pages, so both come from `tenants.hosts` and the public URLs.
        """
        roots = self._get_relevant_site_root_paths(request)  # type: ignore[attr-defined]
        if not roots:
            return None
        site_id, root_path, root_url, language = roots[0]
        with translation.override(language):
            path = reverse(
                "wagtail_serve",
                args=(self.url_path[len(root_path) :],),  # type: ignore[attr-defined]
                urlconf=settings.MUNICIPALITY_URLCONF,
            )
        try:
            root_url = municipality_url(current_municipality(), "")
        except LookupError:
            pass  # inside django-tenants' own commands: the stored host name has to do
        return site_id, root_url, path

    def get_url(self, request: HttpRequest | None = None, current_site: Any = None) -> str | None:
        """A path where the page is read on its own public host, else the whole address.

        A preview is shown on the admin host, where such a path would lead nowhere.
        """
        parts = self.get_url_parts(request=request)
        if parts is None:
            return None
        _site, root_url, path = parts
        is_public = getattr(request, "host_kind", None) == HostKind.MUNICIPALITY
        return path if is_public and not getattr(request, "is_preview", False) else root_url + path

    url = property(get_url)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Render as the public host would.

        Wagtail makes a request of its own that never reaches URL resolution, so without this
        `{% url %}` would look names up on the portal, or, afterwards, the admin on the portal.
        """
        before = get_urlconf()
        set_urlconf(settings.MUNICIPALITY_URLCONF)
        try:
            with translation.override(self.locale.language_code):  # type: ignore[attr-defined]
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
                response = super().serve_preview(request, mode_name)  # type: ignore[misc]
                if isinstance(response, TemplateResponse):
                    response.render()
        finally:
            set_urlconf(before)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `content_language` and `translations` (see their methods)."""
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        locales = {locale.pk: locale.language_code for locale in Locale.objects.all()}
        translations = self.live_translations(request, locales)
        context["content_language"] = self.content_language(locales)
        context["translations"] = translations
        return context

    def content_language(self, locales: dict[int, str]) -> str:
        """The language the words are in: an alias still shows its source's."""
        source = self.alias_of if self.alias_of_id else self  # type: ignore[attr-defined]
        return locales[source.locale_id]  # type: ignore[attr-defined]

    def live_translations(
        self, request: HttpRequest, locales: dict[int, str]
    ) -> list[dict[str, str]]:
        """This page in each language it really exists in, itself included.

        `[{"language": "en", "name": "English", "url": "/en/", "full_url": "http://…/en/"}]`;
        aliases are left out, as their words are not in that language.
        """
        names = dict(settings.LANGUAGES)
        pages = [self]
        if len(locales) > 1:
            others = self.get_translations().live().filter(alias_of=None)  # type: ignore[attr-defined]
            pages += list(others)
        found = []
        for page in pages:
            language = locales[page.locale_id]  # type: ignore[attr-defined]
            parts = page.get_url_parts(request)
            if parts is not None:
                found.append(
                    {
                        "language": language,
                        "name": names.get(language, language),
                        "url": page.get_url(request) or "",
                        "full_url": parts[1] + parts[2],
                    }
                )
        order = list(names)
        return sorted(found, key=lambda entry: order.index(entry["language"]))
