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


# Ends what runs in the name of a resident (a `Resident`): no mail, no word of its own.
ClosingPart = Callable[[Any], None]
_closing_parts: dict[str, ClosingPart] = {}


def closing_part(key: str) -> Callable[[ClosingPart], ClosingPart]:
    """Register what an app ends when somebody closes their account.

    Called in the transaction of the closing, in the shared schema, as the resident, whose profile
    and address still stand. Called again by each erasure, as what was restored from a copy may
    run again: so it must be safe to repeat. The lower app's part comes first.
    """

    def add(part: ClosingPart) -> ClosingPart:
        if key in _closing_parts:
            raise ValueError(f"two parts named {key}")
        _closing_parts[key] = part
        return part

    return add


def closing_parts() -> list[ClosingPart]:
    return list(_closing_parts.values())


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
