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
from wagtail_localize.fields import SynchronizedField

from tenants.context import current_municipality
from tenants.enums import HostKind
from tenants.hosts import municipality_url


class MunicipalityPageMixin:
    """Addresses on the municipality's public host, its languages, previews.

    Comes before `Page` among a model's bases.
    """

    # Published translations, where who loaded the page has loaded them too.
    known_translations: list[Any] | None = None

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

    def _get_dummy_headers(self, original_request: HttpRequest | None = None) -> dict[str, Any]:
        """A preview is what a visitor sees, so it is asked for without cookies.

        With them, the public host would find the admin host's session, take it for a stolen
        one and sign the editor out.
        """
        headers = super()._get_dummy_headers(original_request)  # type: ignore[misc]
        headers.pop("HTTP_COOKIE", None)
        return headers

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Render as the public host would.

        Wagtail makes a request of its own that never reaches URL resolution, so without this
        `{% url %}` would look names up on the portal, or, afterwards, the admin on the portal.
        """
        before = get_urlconf()
        set_urlconf(settings.MUNICIPALITY_URLCONF)
        try:
            with translation.override(self.language_code()):
                request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
                response = super().serve_preview(request, mode_name)  # type: ignore[misc]
                if isinstance(response, TemplateResponse):
                    response.render()
        finally:
            set_urlconf(before)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `content_language`, `language_links` and `translated` (really, into another)."""
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        links = self.language_links(request)
        context["content_language"] = self.content_language(request)
        context["language_links"] = links
        context["translated"] = sum(bool(link["full_url"]) for link in links) > 1
        return context

    def content_language(self, request: HttpRequest) -> str:
        """The language the words are in: an alias still shows its source's."""
        if not self.alias_of_id:  # type: ignore[attr-defined]
            return self.language_code(request)
        return str(self.alias_of.locale.language_code)  # type: ignore[attr-defined]

    def language_code(self, request: HttpRequest | None = None) -> str:
        """Language of the tree the page stands in, out of the cached roots: no query."""
        roots = self._get_relevant_site_root_paths(request)  # type: ignore[attr-defined]
        return roots[0].language_code if roots else self.locale.language_code  # type: ignore[attr-defined]

    def language_links(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Where this page can be read in which language.

        `[{"code": "en", "name": "English", "url": "/en/", "is_current": False, "full_url":
        "http://…/en/", "is_self": False}]`. `full_url` is empty where the page has no
        translation and the link leads to the same words in that language's frame.
        """
        others = self.known_translations
        if others is None:
            others = self.get_translations().live().filter(alias_of=None)  # type: ignore[attr-defined]
        by_language: dict[str, Any] = {page.language_code(request): page for page in others}
        by_language[self.language_code(request)] = self
        is_source = settings.LANGUAGE_CODE in by_language
        framed = {code for code, _name in settings.INTERFACE_LANGUAGES} if is_source else set()
        links = []
        for code, name in settings.LANGUAGES:
            page = by_language.get(code)
            parts = page.get_url_parts(request) if page else None
            if page is not None and parts is not None:
                url, full_url = page.get_url(request), parts[1] + parts[2]
            elif code in framed:
                source = by_language[settings.LANGUAGE_CODE]
                url, full_url = f"/{code}{source.get_url_parts(request)[2]}", ""
            else:
                continue
            links.append(
                {
                    "code": code,
                    "name": name,
                    "url": url,
                    "is_current": code == translation.get_language(),
                    "full_url": full_url,
                    "is_self": page is self,
                }
            )
        return links
