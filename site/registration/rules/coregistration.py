"""What a registration with a city means for its prefecture (R5, R6).

A prefecture's registration holds for two reasons, each enough: the resident registered with
it directly, or is registered with one of its cities. `origin` says "direct" where the first
holds, whether or not the second does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

DIRECT, CO_REGISTERED = "direct", "co_registered"


class Action(Enum):
    """What happens to one registration."""

    REGISTER = "register"
    CO_REGISTER = "co_register"
    MAKE_DIRECT = "make_direct"
    MAKE_CO_REGISTERED = "make_co_registered"
    END = "end"


@dataclass(frozen=True)
class Change:
    """One action at one municipality, named by its code."""

    municipality: str
    action: Action


def changes_on_registering(
    municipality: str, prefecture: str | None, origins: dict[str, str]
) -> list[Change]:
    """What registering with `municipality` changes; nothing where all of it holds already.

    `prefecture` is the code of its prefecture if that takes part and is another; `origins`
    maps the code of each municipality the resident is registered with to the origin.
    """
    changes = []
    if municipality not in origins:
        changes.append(Change(municipality, Action.REGISTER))
    elif origins[municipality] == CO_REGISTERED:
        changes.append(Change(municipality, Action.MAKE_DIRECT))
    if prefecture and prefecture not in origins:
        changes.append(Change(prefecture, Action.CO_REGISTER))
    return changes


def changes_on_leaving(
    municipality: str,
    prefecture: str | None,
    origins: dict[str, str],
    cities_held: Collection[str],
) -> list[Change]:
    """What leaving `municipality` changes.

    `prefecture` as above. `cities_held` are the cities of the prefecture concerned that the
    resident is registered with; for a city that leaves, without that city. Leaving a
    prefecture that a city still holds only ends what is direct about it: it stays
    co-registered (R5 knows no city without its prefecture). An empty list where nothing can
    end: a co-registration ends with its last city.
    """
    if municipality not in origins:
        return []
    if prefecture is None and cities_held:  # a prefecture, held by a city
        if origins[municipality] == CO_REGISTERED:
            return []
        return [Change(municipality, Action.MAKE_CO_REGISTERED)]
    changes = [Change(municipality, Action.END)]
    if prefecture and origins.get(prefecture) == CO_REGISTERED and not cities_held:
        changes.append(Change(prefecture, Action.END))
    return changes
