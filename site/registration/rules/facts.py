"""What a decision on premium standing is read from (R7–R13, R16). No personal data is in it: a
birth date stands here as whether somebody is a minor, an address as a local-government code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from registration.rules.parameters import Parameters
from registration.rules.residence import Place


@dataclass(frozen=True)
class Taken:
    """One participation as the ledger has it. `session` is the session's UUID as text,
    `designated` whether the municipality of the record designated it, `category` a code of
    `activities.enums.Category` or "" where the record has none, `hours` decimal hours."""

    session: str
    day: date
    municipality: str
    designated: bool
    category: str = ""
    hours: Decimal = Decimal(0)


@dataclass(frozen=True)
class Asked:
    """A version of what a municipality asks for beyond the national rule, never for less (R8).

    `of_category` of the participations counted are of `category`; `hours` is the least sum of
    hours (see `registration.rules.counting`); `documents`: an officer checks documents before
    the decision (R13); `counts_cities`: a prefecture counts what its cities designated too (R9).
    """

    version: int = 0
    needed: int = 3
    category: str = ""
    of_category: int = 0
    hours: Decimal = Decimal(0)
    documents: bool = False
    counts_cities: bool = False


@dataclass(frozen=True)
class Held:
    """A premium standing somewhere else than where the decision is for. `derived`: a prefecture's
    that follows from a city's (R7), which never counts; `over_limit`: kept beyond the limit until
    the resident chooses."""

    place: Place
    derived: bool = False
    over_limit: bool = False


@dataclass(frozen=True)
class Facts:
    """All of it on the day `today`. `participations` may be of any municipality and any time:
    what does not count is named with its reason. `is_registered`: a basic registration with the
    municipality runs. `documents_checked` is asked for where `asked.documents`."""

    today: date
    municipality: Place
    residence: Place
    is_registered: bool
    identity_valid: bool
    is_minor: bool
    guardian_consent: bool
    parameters: Parameters
    participations: tuple[Taken, ...] = ()
    held: tuple[Held, ...] = ()
    asked: Asked = field(default_factory=Asked)
    documents_checked: bool = False
