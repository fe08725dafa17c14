"""Where apps above say what this one needs to know."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

# Which municipalities hold data on a resident (a `Resident`): those one may ask.
Holders = Callable[[Any], Iterable[Any]]
# Where a resident finds what a granted disclosure (a `Case`) gives, "" where nowhere yet.
DataLink = Callable[[Any], str]

_holders: dict[str, Holders] = {}
_data_links: list[DataLink] = []
# Names of views that stay open to whoever does not agree to a new version of the terms.
_always_open: set[str] = set()


def holders_of_data(key: str) -> Callable[[Holders], Holders]:
    """Register a function that names municipalities which hold something about a resident."""

    def register(function: Holders) -> Holders:
        if key in _holders:
            raise ValueError(f"two functions named {key}")
        _holders[key] = function
        return function

    return register


def municipalities_holding(resident: Any) -> list[Any]:
    """Each municipality once, in the order of the codes."""
    found = {place.pk: place for function in _holders.values() for place in function(resident)}
    return [found[code] for code in sorted(found)]


def disclosure_link(function: DataLink) -> DataLink:
    """Register where a granted disclosure leads: the page with the resident's own data."""
    _data_links.append(function)
    return function


def link_to_data(case: Any) -> str:
    """The address on the portal, or "": then the office hands the data over itself."""
    return next((link for function in _data_links if (link := function(case))), "")


def open_without_agreement(*view_names: str) -> None:
    """Register pages of an app above through which people take their data or leave."""
    _always_open.update(view_names)


def is_open_without_agreement(view_name: str) -> bool:
    """All of this app's own pages are: they are about one's data."""
    return view_name.startswith("privacy:") or view_name in _always_open
