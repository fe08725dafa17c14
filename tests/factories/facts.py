"""Facts for decisions on premium standing: somebody of 飛騨市 with all that 気仙沼市 asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from registration.rules.facts import Facts, Held, Taken
from registration.rules.parameters import Parameters
from registration.rules.residence import Place

TODAY = date(2027, 11, 23)
KESENNUMA, SENDAI = Place("042056", "040002"), Place("041009", "040002")
MIYAGI = Place("040002", "040002")
HIDA, GIFU = Place("212172", "210005"), Place("210005", "210005")
NISEKO, HOKUEI = Place("013951", "010006"), Place("313726", "310000")


def took_part(session: str, day: date = TODAY, **changes: Any) -> Taken:
    """Two hours in an activity that 気仙沼市 designated."""
    taken = Taken(session, day, KESENNUMA.code, designated=True, hours=Decimal("2.00"))
    return replace(taken, **changes)


def times(number: int, **changes: Any) -> tuple[Taken, ...]:
    """So many participations, the newest today, one a day."""
    days = (TODAY - timedelta(days=n) for n in range(number))
    return tuple(took_part(f"s{n}", day, **changes) for n, day in enumerate(days))


def holding(*places: Place, **changes: Any) -> tuple[Held, ...]:
    return tuple(Held(place, **changes) for place in places)


def facts(**changes: Any) -> Facts:
    everything = Facts(
        today=TODAY,
        municipality=KESENNUMA,
        residence=HIDA,
        is_registered=True,
        identity_valid=True,
        is_minor=False,
        guardian_consent=False,
        parameters=Parameters(),
        participations=times(3),
    )
    return replace(everything, **changes)
