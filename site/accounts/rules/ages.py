"""How old somebody is, and from which day they are of age: the one rule, used by all (R11).

The reading of the Act on Calculation of Age (年齢計算ニ関スル法律, with articles 140 and 143 of the
Civil Code): a year of life is complete when the day before the birthday ends. So one is a minor
through the whole of that day, and of age from midnight on, which is the birthday. Born on
29 February, in a year without that day: the day before ends with 28 February, so one is of age
from 1 March. (Statutes that reckon by the day rather than the moment, as for school years, count
the day before the birthday already; coming of age here takes the moment, which never gives
anybody a day too early.)
"""

from __future__ import annotations

from datetime import date

ADULT_AGE = 18
"""Civil Code, article 4."""


def birthday_in(born: date, year: int) -> date:
    """The day from which one is a year older, in `year`."""
    try:
        return born.replace(year=year)
    except ValueError:  # 29 February, in a year without one
        return date(year, 3, 1)


def age_on(born: date, day: date) -> int:
    """Completed years on `day`; below 0 before birth."""
    return day.year - born.year - (day < birthday_in(born, day.year))


def comes_of_age_on(born: date, adult_age: int = ADULT_AGE) -> date:
    """The first day on which one is of age."""
    return birthday_in(born, born.year + adult_age)


def is_minor(born: date, day: date, adult_age: int = ADULT_AGE) -> bool:
    """Whether one is under age on `day` (R11)."""
    return day < comes_of_age_on(born, adult_age)
