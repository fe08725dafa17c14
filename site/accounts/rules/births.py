"""From what somebody types to a date of birth."""

from __future__ import annotations

from datetime import date

from common.wareki import from_era

WESTERN = "AD"
EARLIEST = date(1900, 1, 1)


class NoSuchDate(ValueError):
    """Era, year, month and day don't make a date; `era` is the one the year was read in."""


def read_year(value: str) -> int:
    """A year as typed; 元 is the first of an era. Raises NoSuchDate."""
    if value == "元":
        return 1
    return read_number(value)


def read_number(value: str) -> int:
    """A number as typed. Raises NoSuchDate."""
    if not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise NoSuchDate
    return int(value)


def birth_date(era: str, year: int, month: int, day: int) -> date:
    """The date of an era's or a Western year. Raises NoSuchDate.

    No era has had a thousand years: a year of four digits is a Western one, whichever era is
    chosen, so nobody is sent back for having written 1963 beside 昭和.
    """
    try:
        if year >= 1000 or era == WESTERN:
            return date(year, month, day)
        return from_era(era, year, month, day)
    except ValueError as problem:
        raise NoSuchDate from problem
