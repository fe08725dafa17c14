"""Where one signs in and out on an admin host and on the operator's, and where one arrives."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.enums import HostKind

_NAMES = {
    HostKind.ADMIN: ("wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_home"),
    HostKind.OPERATOR: (
        "tenants_operator:sign_in",
        "tenants_operator:sign_out",
        "tenants_operator:home",
    ),
}
# Both show the design system's pages; the operator's with its own head.
_FRAMES = {HostKind.ADMIN: "themes/base.html", HostKind.OPERATOR: "themes/operator.html"}
_WHERE = "next"


def sign_in_url(request: HttpRequest) -> str:
    return reverse(_NAMES[_kind(request)][0])


def sign_out_url(request: HttpRequest) -> str:
    return reverse(_NAMES[_kind(request)][1])


def home_url(request: HttpRequest) -> str:
    return reverse(_NAMES[_kind(request)][2])


def frame(request: HttpRequest) -> str:
    """The template that the pages of signing in extend on this host."""
    return _FRAMES[_kind(request)]


def _kind(request: HttpRequest) -> HostKind:
    return HostKind(request.host_kind)  # type: ignore[attr-defined]


def where_one_was(request: HttpRequest) -> str:
    """Path to come back to. After a form that was sent: the page it stood on, if it says so."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("referer", ""))
    if page.netloc == request.get_host() and page.path:
        return f"{page.path}?{page.query}" if page.query else page.path
    return home_url(request)


def wanted(request: HttpRequest) -> str:
    """Where to go on to: a path on this host, whatever the address says; else the start."""
    path = request.POST.get(_WHERE) or request.GET.get(_WHERE) or ""
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if is_ours else home_url(request)


def lead_to(path: str, back: str, **words: str) -> HttpResponse:
    """A redirect to `path` that knows where to go on to."""
    return HttpResponseRedirect(f"{path}?{urlencode({_WHERE: back} | words)}")
