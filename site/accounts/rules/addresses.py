"""What a postal code tells about an address."""

from __future__ import annotations

from collections.abc import Iterable
from os.path import commonprefix
from typing import Protocol


class Place(Protocol):
    """One place a postal code stands for (see `common.postal.PostalAddress`)."""

    @property
    def city(self) -> str: ...
    @property
    def town(self) -> str: ...
    @property
    def municipality_code(self) -> str: ...


def address_start(places: Iterable[Place], code: str, name: str) -> str:
    """The start of the address line in the municipality `code`, called `name`: 中央区大通西.

    A ward stands after its city's name and belongs to the address line. Where a postal code
    covers several towns only what they have in common is known.
    """
    starts = [
        place.city.partition(name)[2] + place.town
        for place in places
        if place.municipality_code == code
    ]
    return commonprefix(starts)


def address_line(typed: str, start: str, known_starts: Iterable[str]) -> str:
    """What stands in the address line after the postal code was looked up.

    Nothing that somebody typed is lost: only an empty line, or one that still holds what an
    earlier postal code put there, is filled.
    """
    if not typed or typed in known_starts:
        return start
    return typed
