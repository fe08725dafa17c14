"""Where apps above `attendance` plug in: who is registered, and since when participations count."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

# Of a municipality: its registrants with one of these names or furigana (as `name_key` and
# `kana_key` of `rules.earlier_people` give them), as `rules.earlier_people.Known`; one query.
FindsRegistrants = Callable[[Any, Collection[str], Collection[str]], list[Any]]
FirstDay = Callable[[], date]

_finders: list[FindsRegistrants] = []
_first_days: list[FirstDay] = []


def registrant_finder(finder: FindsRegistrants) -> FindsRegistrants:
    """Decorator. There is one; a later one replaces it."""
    _finders[:] = [finder]
    return finder


def registrants_called(
    municipality: Any, names: Collection[str], kanas: Collection[str]
) -> list[Any]:
    return _finders[0](municipality, names, kanas) if _finders and (names or kanas) else []


def first_day_provider(provider: FirstDay) -> FirstDay:
    """Decorator: the day from which participations count, a national parameter (R20, R29)."""
    _first_days[:] = [provider]
    return provider


def first_countable_day() -> date:
    return _first_days[0]()
