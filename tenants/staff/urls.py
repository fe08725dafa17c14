"""Addresses on the admin host, before Wagtail's own."""

from typing import Any, NoReturn

from django.http import Http404, HttpRequest
from django.urls import path, re_path

from tenants.staff.views import welcome


def closed(request: HttpRequest, **kwargs: Any) -> NoReturn:
    """Wagtail's screens of accounts and groups: they list every account of the nation, and
    let whoever reaches them set `is_superuser`, which is global. Nobody reaches them."""
    raise Http404


app_name = "staff"
urlpatterns = [
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    re_path(r"^admin/(?:users|groups|api-tokens)(?:/.*)?$", closed),
    re_path(r"^admin/bulk/(?:accounts|auth|staff)(?:/.*)?$", closed),
    path("admin/failwhale/", closed),  # Wagtail's page that fails on purpose
]
