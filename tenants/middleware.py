"""From the Host header to a municipality, the sessions of staff, the language of the answer."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest, DisallowedHost, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from tenants.actors import OPERATOR_RECEPTION, RECEPTION, act_from_now_on, acting
from tenants.enums import HostKind, MunicipalityStatus
from tenants.hosts import ADMIN_SUFFIX, OPERATOR_LABEL
from tenants.models import Municipality
from tenants.operations import staff_sessions
from tenants.permissions import may_enter
from tenants.postgresql.connection import connection
from tenants.queries import admin_ranges, factors_were_reset, second_factors_of
from tenants.rules.networks import client_address, is_inside
from tenants.rules.staff_sessions import End
from tenants.views import doors

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


class StaffSessionMiddleware:
    """The second factor and the limits of sessions on admin hosts and the operator's: here alone.

    A password opens nothing but the page of the second factor: enrolment where there is none yet,
    the challenge where there is one. Only `request.second_factor_passed` makes somebody staff or
    operator before the database (`accounts.middleware`). A session is over when nobody did
    anything for a while, when it is old, and when its factor was taken away.
    """

    # Pages on which people become known; they look after themselves.
    _BEFORE = (
        "staff:welcome",
        "wagtailadmin_login",
        "wagtailadmin_logout",
        "tenants_operator:sign_",
    )
    # Asked by pages that lie open, without anybody doing anything.
    _BY_ITSELF = ("wagtailadmin_editing_sessions:",)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: object) -> HttpResponse | None:
        request.second_factor_passed = False  # type: ignore[attr-defined]
        if request.host_kind not in staff_sessions.STAFF_HOSTS:  # type: ignore[attr-defined]
            return None
        # Who brings no session stays unasked: `request.user` would make the page vary by cookie.
        if not request.session.session_key or not request.user.is_authenticated:
            return None
        if end := staff_sessions.end(request.session) or self._revoked(request):
            return self._end(request, end)
        if self._is_somebodys_doing(request):
            staff_sessions.note_activity(request.session)
        if not may_enter(request.user, request.host_kind):  # type: ignore[attr-defined]
            return None  # an account without a role here, to whom nothing opens
        if staff_sessions.factor_of(request.session) is None:
            return self._stop(request)
        request.second_factor_passed = True  # type: ignore[attr-defined]
        return self._ask_before_export(request)

    @staticmethod
    def _revoked(request: HttpRequest) -> End | None:
        """Whether the factor was taken away by which this session was opened, or all of them
        while it waited for one: who had the password alone must not enrol in the owner's place."""
        place = request.municipality  # type: ignore[attr-defined]
        factor = staff_sessions.factor_of(request.session)
        if factor is not None:
            holds = second_factors_of(request.user, place).filter(pk=factor).exists()
        else:
            began = staff_sessions.began(request.session)
            holds = not factors_were_reset(request.user, place, since=began)
        return None if holds else End.REVOKED

    def _end(self, request: HttpRequest, why: End) -> HttpResponse | None:
        logout(request)
        if self._name(request).startswith(self._BEFORE):
            return None
        back = doors.where_one_was(request)
        words = {"why": why.value}
        if request.method not in {"GET", "HEAD"}:
            words["unsaved"] = "1"
        return self._lead(request, doors.sign_in_url(request), back, **words)

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        """Nothing but the one page of the second factor that is next."""
        place = request.municipality  # type: ignore[attr-defined]
        has_one = second_factors_of(request.user, place).exists()
        page = "second_factor:challenge" if has_one else "second_factor:add"
        name = self._name(request)
        if name == page or name.startswith(self._BEFORE):
            return None
        back = doors.wanted(request) if name.startswith("second_factor:") else ""
        return self._lead(request, reverse(page), back or doors.where_one_was(request))

    def _ask_before_export(self, request: HttpRequest) -> HttpResponse | None:
        """Wagtail's lists can all be had as a table: `?export=xlsx`."""
        if "export" not in request.GET or staff_sessions.is_confirmed(request.session):
            return None
        return self._lead(request, reverse("second_factor:confirm"), request.get_full_path())

    @staticmethod
    def _lead(request: HttpRequest, path: str, back: str, **words: str) -> HttpResponse:
        """To a page, for a person; scripts are refused, as Wagtail refuses them."""
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        answer = doors.lead_to(path, back, **words)
        if request.headers.get("hx-request"):
            answer = HttpResponse(status=204, headers={"HX-Redirect": answer["Location"]})
        add_never_cache_headers(answer)
        return answer

    def _is_somebodys_doing(self, request: HttpRequest) -> bool:
        polls = request.method == "GET" and bool(request.headers.get("hx-request"))
        return not polls and not self._name(request).startswith(self._BY_ITSELF)

    @staticmethod
    def _name(request: HttpRequest) -> str:
        return request.resolver_match.view_name if request.resolver_match else ""
