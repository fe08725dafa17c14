"""Who counts to the relation population, at which level (R16, R25).

Who lives in a municipality is no relation population of it. At the level of a prefecture that
is whoever lives in any of its cities; at the level of the nation a registration where one lives
counts nothing, one elsewhere does. Heads (people) and registrations are told apart, so are
verified, declared and unknown addresses. A co-registration (R5) follows from a city's and is no
registration more, though whoever has one is a head.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from registration.rules.residence import Place, lives_in


class Address(StrEnum):
    """How well somebody's address is known."""

    VERIFIED = "verified"
    DECLARED = "declared"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Member:
    """One registration that holds. `person` is opaque; `residence` None: no address is known;
    abroad is `Place("", "")`, which is nowhere here; `verified`: by a proof that holds."""

    person: str
    municipality: Place
    residence: Place | None
    verified: bool = False
    co_registered: bool = False

    @property
    def address(self) -> Address:
        if self.residence is None:
            return Address.UNKNOWN
        return Address.VERIFIED if self.verified else Address.DECLARED


@dataclass(frozen=True)
class Population:
    """Figures by `Address`; one without anybody is left out."""

    heads: dict[Address, int]
    registrations: dict[Address, int]

    @property
    def people(self) -> int:
        return sum(self.heads.values())


def belongs(member: Member, area: Place | None) -> bool:
    """Whether this registration counts in `area`: a city, a prefecture with its cities, or,
    None, the nation. Nobody is left out for an address that is not known: it stands apart."""
    where = member.municipality
    if area is not None:
        within = where.prefecture_code if area.is_prefecture else where.code
        if within != area.code:
            return False
    return member.residence is None or not lives_in(member.residence, area or where)


def population(members: Iterable[Member], area: Place | None = None) -> Population:
    """The relation population of `area`. Somebody whose rows differ in how well the address is
    known counts once, under the best."""
    best: dict[str, Address] = {}
    registrations: Counter[Address] = Counter()
    ranks = list(Address)
    for member in members:
        if not belongs(member, area):
            continue
        known = best.get(member.person, Address.UNKNOWN)
        best[member.person] = min(known, member.address, key=ranks.index)
        if not member.co_registered:
            registrations[member.address] += 1
    return Population(dict(Counter(best.values())), dict(registrations))
