"""What every template may use: the look, the municipality and the kind of host."""

from __future__ import annotations

from typing import Any, TypedDict

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from tenants.enums import HostKind
from tenants.models import Municipality
from themes.enums import KeyColour
from themes.queries import current_theme

# Twice the height it is shown at, for sharp screens.
LOGO_RENDITION = "max-480x96"


class Look(TypedDict):
    """`key_colour` is a value of KeyColour; `logo_url` is empty where there is no logo."""

    key_colour: str
    logo_url: str
    logo_alt: str


def theme(request: HttpRequest) -> dict[str, Any]:
    """`theme`, `municipality`, `host_kind`, `is_demonstration`; costs nothing until read.

    Reading `theme` on a municipality's host is one query, and one more for the picture where
    there is a logo. On the portal and the operator's host it asks no municipality's schema.
    """
    municipality = getattr(request, "municipality", None)
    host_kind = getattr(request, "host_kind", "")
    return {
        "theme": SimpleLazyObject(lambda: _look(municipality, host_kind)),
        "municipality": municipality,
        "host_kind": host_kind,
        "is_demonstration": SimpleLazyObject(lambda: _is_demonstration(municipality)),
    }


def _look(municipality: Municipality | None, host_kind: str) -> Look:
    look = Look(key_colour=KeyColour.BLUE.value, logo_url="", logo_alt="")
    if municipality is None or host_kind != HostKind.MUNICIPALITY:
        return look
    chosen = current_theme()
    if chosen is None:
        return look
    look["key_colour"] = chosen.key_colour
    if chosen.logo is not None:
        try:
            look["logo_url"] = chosen.logo.get_rendition(LOGO_RENDITION).url
        except (SourceImageIOError, InvalidFilterSpecError):
            # A lost or broken file must not take every page of the municipality with it.
            return look
        look["logo_alt"] = municipality.full_name
    return look


def _is_demonstration(municipality: Municipality | None) -> bool:
    """Whether what is shown is made up; the portal shows all municipalities together."""
    if municipality is not None:
        return municipality.is_demonstration
    return Municipality.objects.filter(is_demonstration=True).exists()
