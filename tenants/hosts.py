"""Addresses of the four hosts.

In development: `localhost:8000` (portal), `kesennuma.localhost:8000` (municipality),
`kesennuma.admin.localhost:8000` (its staff), `operator.localhost:8000`.
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

OPERATOR_LABEL = "operator"
ADMIN_SUFFIX = ".admin"
_DEFAULT_PORTS = {"http": 80, "https": 443}


class HasSlug(Protocol):
    slug: str


def _url(host: str, path: str) -> str:
    scheme, port = settings.PUBLIC_SCHEME, settings.PUBLIC_PORT
    authority = host if _DEFAULT_PORTS.get(scheme) == port else f"{host}:{port}"
    return f"{scheme}://{authority}{path}"


def portal_url(path: str = "/") -> str:
    """Absolute address on the national portal."""
    return _url(settings.BASE_DOMAIN, path)


def operator_url(path: str = "/") -> str:
    """Absolute address on the operator's host."""
    return _url(f"{OPERATOR_LABEL}.{settings.BASE_DOMAIN}", path)


def municipality_host(municipality: HasSlug) -> str:
    """Host name of a municipality's public site, without port."""
    return f"{municipality.slug}.{settings.BASE_DOMAIN}"


def municipality_url(municipality: HasSlug, path: str = "/") -> str:
    """Absolute address on a municipality's public site."""
    return _url(municipality_host(municipality), path)


def site_url(label: str) -> str:
    """Absolute address of the site that a `Domain` with this label leads to."""
    return _url(f"{label}.{settings.BASE_DOMAIN}", "/")


def admin_url(municipality: HasSlug, path: str = "/admin/") -> str:
    """Absolute address on a municipality's admin host."""
    return _url(f"{municipality.slug}{ADMIN_SUFFIX}.{settings.BASE_DOMAIN}", path)


def origin_of(host: str) -> str:
    """Scheme, host and port of one of our hosts, as browsers write an origin."""
    return _url(host, "")
