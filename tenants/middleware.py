"""From the Host header to a municipality, and the language of the answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.utils import translation

from tenants.actors import OPERATOR_RECEPTION, RECEPTION, act_from_now_on, acting
from tenants.enums import HostKind, MunicipalityStatus
from tenants.hosts import ADMIN_SUFFIX, OPERATOR_LABEL
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tenants.queries import admin_ranges
from tenants.rules.networks import client_address, is_inside

_URLCONFS = {
    HostKind.PORTAL: "config.urls_portal",
    HostKind.OPERATOR: "config.urls_operator",
    HostKind.MUNICIPALITY: "config.urls_municipality",
    HostKind.ADMIN: "config.urls_admin",
}
_NOT_OPEN_URLCONF = "config.urls_not_open"


class HostMiddleware:
    """Sets `request.host_kind` and `request.municipality`, the schema and the URLs.

    Only the Host header counts (never X-Forwarded-Host), case and a trailing dot aside. An
    unknown host gets a plain page: no stack, no redirect, nothing of another municipality. So
    does an admin host that is closed, or asked from outside of its network ranges (R2): nobody
    learns that there is a door. A municipality that is not published has one public page, which
    says so.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        connection.set_schema_to_public()
        # Until it is known who comes (accounts.middleware), and again after the answer.
        with acting(RECEPTION):
            return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest  # PostgreSQL keeps no such character, so it names nothing of ours
        try:
            host = request.get_host()
        except DisallowedHost:
            return self._not_found()
        found = self._resolve(host.rsplit(":", 1)[0].lower().rstrip("."))
        if found is None:
            return self._not_found()
        kind, municipality = found
        if kind == HostKind.ADMIN and not self._lets_in(request, municipality):
            return self._not_found()
        request.host_kind = kind  # type: ignore[attr-defined]
        request.municipality = municipality  # type: ignore[attr-defined]
        request.tenant = municipality  # type: ignore[attr-defined]  # what django-tenants reads
        request.urlconf = _URLCONFS[kind]
        if kind == HostKind.OPERATOR:
            act_from_now_on(OPERATOR_RECEPTION)
        if municipality is not None:
            connection.set_tenant(municipality)
            if kind == HostKind.MUNICIPALITY and not municipality.is_published:
                request.urlconf = _NOT_OPEN_URLCONF
        return self.get_response(request)

    @staticmethod
    def _lets_in(request: HttpRequest, municipality: Municipality | None) -> bool:
        """Whether the admin of `municipality` is open to the address the request came from.

        Sets `request.client_address`, which is None where the address cannot be known.
        """
        if municipality is None or municipality.status == MunicipalityStatus.CLOSED:
            return False
        request.client_address = client_address(  # type: ignore[attr-defined]
            request.META.get("REMOTE_ADDR", ""),
            request.META.get("HTTP_X_FORWARDED_FOR", ""),
            settings.TRUSTED_PROXIES,
        )
        ranges = admin_ranges(municipality)
        return not ranges or is_inside(request.client_address, ranges)  # type: ignore[attr-defined]

    @staticmethod
    def _resolve(host: str) -> tuple[HostKind, Municipality | None] | None:
        base = settings.BASE_DOMAIN
        if host == base:
            return HostKind.PORTAL, None
        if not host.endswith(f".{base}"):
            return None
        label = host.removesuffix(f".{base}")
        if label == OPERATOR_LABEL:
            return HostKind.OPERATOR, None
        kind = HostKind.ADMIN if label.endswith(ADMIN_SUFFIX) else HostKind.MUNICIPALITY
        municipality = Municipality.objects.filter(
            domains__domain=label.removesuffix(ADMIN_SUFFIX)
        ).first()
        return (kind, municipality) if municipality else None

    @staticmethod
    def _not_found() -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            return HttpResponse(render_to_string("tenants/unknown_host.html"), status=404)


class LanguageMiddleware(LocaleMiddleware):
    """On public hosts the address says the language; staff and operators start in Japanese.

    Django would otherwise ask the browser on hosts whose addresses have no language, and an
    office computer set to English would show half an admin in another language.
    """

    def process_request(self, request: HttpRequest) -> None:
        if request.host_kind in {HostKind.ADMIN, HostKind.OPERATOR}:  # type: ignore[attr-defined]
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = translation.get_language()
        else:
            super().process_request(request)
