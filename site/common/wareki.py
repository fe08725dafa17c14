"""Dates in the Japanese calendar, as official letters write them.

Source of the eras: the imperial edicts and cabinet orders that changed them. The first year
of an era is written 元年. Until the end of 1872 Japan used a lunisolar calendar; dates given
here for those years are counted back by the Gregorian one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from common.clock import TOKYO

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Era:
    """An era: `last` is the last day papers of the time may bear, None while it runs."""

    name: str
    letter: str
    first: date
    last: date | None


# 30 July 1912 and 25 December 1926 bear two eras: the new one began on the day itself, and
# papers written that morning still have the old one. A new date is given the new era.
ERAS = (
    Era("令和", "R", date(2019, 5, 1), None),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
)


class EraDate(NamedTuple):
    """A date in an era; `year` counts from 1, which is written 元."""

    era: str
    year: int
    month: int
    day: int

    def __str__(self) -> str:
        year = "元" if self.year == 1 else str(self.year)
        return f"{self.era}{year}年{self.month}月{self.day}日"


Day = TypeVar("Day", bound=date)


def in_japan(value: Day) -> Day:
    """An aware datetime at Japan's clock; a plain date or a naive datetime as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(TOKYO)
    return value


def to_era(value: date) -> EraDate:
    """The era date of a date. Raises ValueError before Meiji (25 January 1868)."""
    local = in_japan(value)
    day = local.date() if isinstance(local, datetime) else local
    for era in ERAS:
        if day >= era.first:
            return EraDate(era.name, day.year - era.first.year + 1, day.month, day.day)
    raise ValueError(f"{day.isoformat()} is before Meiji")


def from_era(era: str, year: int, month: int, day: int) -> date:
    """The date of an era date; `era` is its name (令和) or its letter (R).

    Raises ValueError for an unknown era, for a date that does not exist and for one outside
    its era (平成32年, 昭和64年1月8日).
    """
    for candidate in ERAS:
        if era == candidate.name or era.upper() == candidate.letter:
            break
    else:
        raise ValueError(f"unknown era {era!r}")
    result = date(candidate.first.year + year - 1, month, day)
    if result < candidate.first or (candidate.last and result > candidate.last):
        raise ValueError(f"{candidate.name} has no {year}-{month}-{day}")
    return result


def jdate_short(value: date) -> str:
    """令和8年11月23日. Before Meiji the year of the Western calendar is written."""
    local = in_japan(value)
    try:
        return str(to_era(local))
    except ValueError:
        return f"{local.year}年{local.month}月{local.day}日"


def jdate(value: date) -> str:
    """令和8年11月23日（月）. A datetime is read at Japan's clock."""
    return f"{jdate_short(value)}（{WEEKDAYS[in_japan(value).weekday()]}）"


def jtime(value: datetime) -> str:
    """9時30分, and 9時 on the hour, at Japan's clock."""
    local = in_japan(value)
    return f"{local.hour}時{local.minute}分" if local.minute else f"{local.hour}時"


def jdatetime(value: datetime) -> str:
    """令和8年11月23日（月）9時30分, at Japan's clock."""
    return f"{jdate(value)}{jtime(value)}"
