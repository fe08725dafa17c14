"""Which participations count (R8, R9), and for each of the others the reason why not.

*Readings.* A participation counts for the municipality that designated it; for a prefecture that
says so, those of its cities count too (R9). Of several on one day one counts, whatever the number
of cities, and of those one of the category that is asked for, if there is one. Hours are those
of every session somebody really took part in: the limit of one a day is on times, not on hours.
So another participation never takes anything away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registration.rules.facts import Facts, Taken
from registration.rules.residence import Place
from registration.rules.year import counting_window

NOT_DESIGNATED = "not_designated"
BEFORE_WINDOW = "before_window"
AFTER_WINDOW = "after_window"
SAME_DAY = "same_day"
SAME_SESSION = "same_session"

# JIS X 0401: a local-government code begins with the number of its prefecture.
_PREFECTURE_DIGITS = 2


@dataclass(frozen=True)
class Counted:
    """What counts between `first` and `last` (both included), earliest first.

    `not_counted` are session and reason. `hours` are those of all designated sessions of these
    days, also of one that does not count because of another on its day.
    """

    first: date
    last: date
    taken: tuple[Taken, ...]
    not_counted: tuple[tuple[str, str], ...]
    hours: Decimal

    @property
    def sessions(self) -> tuple[str, ...]:
        return tuple(item.session for item in self.taken)

    def of_category(self, category: str) -> tuple[str, ...]:
        """The sessions that count and are of this category."""
        return tuple(item.session for item in self.taken if item.category == category)


def window_of(facts: Facts) -> tuple[date, date]:
    """First and last day that count; never a day before the scheme's first (R20)."""
    first, last = counting_window(facts.today, facts.parameters.window)
    return max(first, facts.parameters.countable_from), last


def count(facts: Facts) -> Counted:
    """Distinct sessions, designated, in the window; with `one_a_day` one of each day.

    Neither the order nor the repetition of rows changes anything. Participations elsewhere
    aren't mentioned.
    """
    first, last = window_of(facts)
    counts_cities = facts.asked.counts_cities
    own = {
        item
        for item in facts.participations
        if is_of(item.municipality, facts.municipality, counts_cities)
    }
    taken: list[Taken] = []
    not_counted: list[tuple[str, str]] = []
    seen: set[str] = set()
    days: set[date] = set()
    hours = Decimal(0)
    for item in sorted(own, key=lambda item: _order(item, facts.asked.category)):
        reason = _reason_against(item, first, last)
        if not reason and item.session in seen:
            reason = SAME_SESSION
        if not reason:
            seen.add(item.session)
            hours += item.hours
            if facts.parameters.one_a_day and item.day in days:
                reason = SAME_DAY
        if reason:
            not_counted.append((item.session, reason))
        else:
            taken.append(item)
            days.add(item.day)
    return Counted(first, last, tuple(taken), tuple(not_counted), hours)


def is_of(code: str, municipality: Place, counts_cities: bool) -> bool:
    """Whether participations in the municipality `code` are `municipality`'s to count."""
    if counts_cities and municipality.is_prefecture:
        return code[:_PREFECTURE_DIGITS] == municipality.code[:_PREFECTURE_DIGITS]
    return code == municipality.code


def _order(item: Taken, category: str) -> tuple[object, ...]:
    """By day; on a day what is asked for first; and the same for the same ledger, always."""
    return (
        item.day,
        item.category != category,
        item.session,
        not item.designated,
        item.municipality,
        item.category,
        item.hours,
    )


def _reason_against(item: Taken, first: date, last: date) -> str:
    if not item.designated:
        return NOT_DESIGNATED
    if item.day < first:
        return BEFORE_WINDOW
    if item.day > last:
        return AFTER_WINDOW
    return ""
