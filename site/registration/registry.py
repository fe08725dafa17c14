"""Where apps above tell the resident's screens what they alone know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tenants.models import Municipality

# Takes a municipality and whether those of the prefecture's cities count there too (R9). Each
# activity has `municipality`, `title`, `page_path`, `starts_at`, `ends_at` and `place`.
Upcoming = Callable[[Municipality, bool], Iterable[Any]]
_sources: list[Upcoming] = []


def activities_that_count(source: Upcoming) -> Upcoming:
    """Decorator: where the next designated activities of a municipality are known."""
    if source not in _sources:
        _sources.append(source)
    return source


def next_activities(municipality: Municipality, *, counts_cities: bool) -> list[Any]:
    """The next activities that would count with `municipality`, soonest first; few."""
    return [row for source in _sources for row in source(municipality, counts_cities)]
