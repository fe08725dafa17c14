"""Where apps above `pages` plug into the front page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class FrontPageSection:
    """One section of a municipality's front page.

    `template` is included with `section` set to `context`, next to the page's own context.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[HttpRequest, Any], FrontPageSection | None]

_providers: dict[str, tuple[int, Provider]] = {}


def front_page_section(key: str, order: int = 100) -> Callable[[Provider], Provider]:
    """Decorator: `provider(request, home_page)` gives a section, or None to leave it out.

    Called in the municipality's schema for every front page, so at most two queries. Lower
    `order` comes first; news of the municipality stand at 200. The same `key` replaces.
    """

    def register(provider: Provider) -> Provider:
        _providers[key] = (order, provider)
        return provider

    return register


def front_page_sections(request: HttpRequest, page: Any) -> list[FrontPageSection]:
    """The sections of `page`, in order."""
    ordered = sorted(_providers.items(), key=lambda item: (item[1][0], item[0]))
    sections = (provider(request, page) for _key, (_order, provider) in ordered)
    return [section for section in sections if section is not None]
