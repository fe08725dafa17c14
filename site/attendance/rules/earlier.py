"""A spreadsheet of participations from before the platform (R20): what its rows say, and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from activities.rules.sessions import duration_hours
from attendance.rules import earlier_cells as cells
from attendance.rules.earlier_columns import (
    BY_NAME,
    CELL_ERROR,
    FORMULA,
    NEEDED,
    Places,
    Table,
)
from attendance.rules.earlier_people import Person, kana_key, name_key
from common.clock import TOKYO
from common.my_number import has_my_number
from common.text import normalise_kana, normalise_name

MAX_ROWS = 5_000
MAX_ACTIVITIES = 100
# What the deterministic names of imported sessions are made under.
_NAMESPACE = UUID("5b0f6b2e-6d0b-4f53-9d8f-2f6a8f3f1c20")


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days that may be entered, both included. `last` is the day on which check-in by code
    began where `by_code`, else today."""

    first: date
    last: date
    by_code: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is not taken: the column, a code and what its sentence needs.

    Codes: `missing`, `not_a_day`, `before_first_day` (`day`), `in_future`, `after_code_began`
    (`day`), `not_a_time`, `end_before_start`, `no_hours`, `not_hours`, `too_long` (`limit`),
    `needs_birth_date_or_phone`, `not_kana`, `not_a_phone`, `not_an_email`, `born_later`,
    `my_number`, `formula`, `cell_error`, `repeated` (`row`).
    """

    column: str
    code: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One participation out of a list. Without times it stands at the beginning of its day."""

    row: int
    activity: str
    organiser: str
    held_on: date
    starts: time | None
    ends: time | None
    hours: Decimal
    place: str
    ground: str
    person: Person

    @property
    def starts_at(self) -> datetime:
        return datetime.combine(self.held_on, self.starts or time(0), TOKYO)

    @property
    def ends_at(self) -> datetime:
        if self.starts and self.ends:
            return datetime.combine(self.held_on, self.ends, TOKYO)
        return self.starts_at + timedelta(hours=float(self.hours))

    @property
    def activity_key(self) -> str:
        return activity_key(self.activity)

    @property
    def session(self) -> tuple[str, str, str]:
        """What makes two rows of one session: activity, day and start."""
        start = self.starts.isoformat("minutes") if self.starts else ""
        return self.activity_key, self.held_on.isoformat(), start

    def session_uuid(self, municipality: str) -> UUID:
        """The same for everybody of that session, however often it is entered."""
        return uuid5(_NAMESPACE, "\n".join((municipality, *self.session)))


def activity_key(activity: str) -> str:
    """What names of activities are compared by."""
    return name_key(activity)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row: what it says, or why it cannot be taken."""

    row: int
    texts: tuple[str, ...]
    entry: Entry | None
    faults: tuple[Fault, ...]


def judge(table: Table, places: Places, bounds: Bounds) -> list[Judged]:
    """Every row of the table. Of rows that say the same the first is taken."""
    seen: dict[Any, int] = {}
    return [_judge(number, texts, places, bounds, seen) for number, texts in table.rows]


def _judge(
    number: int,
    texts: tuple[str, ...],
    places: Places,
    bounds: Bounds,
    seen: dict[Any, int],
) -> Judged:
    reader = _Reader({name: texts[at] if at < len(texts) else "" for name, at in places.items()})
    entry = reader.entry(number, bounds)
    if entry is not None and not reader.faults:
        same = (entry.session, entry.person.who)
        first = seen.setdefault(same, number)
        if first != number:
            reader.fault("name", "repeated", row=first)
    return Judged(number, texts, None if reader.faults else entry, tuple(reader.faults))


class _Reader:
    """One row, cell by cell; goes on after a fault, so that all of a row are told at once."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self.texts = {name: self._plain(name, text) for name, text in texts.items()}

    def fault(self, column: str, code: str, **data: Any) -> None:
        self.faults.append(Fault(column, code, data))

    def _plain(self, name: str, text: str) -> str:
        if text.startswith((FORMULA, CELL_ERROR)):
            self.fault(name, "formula" if text.startswith(FORMULA) else "cell_error")
            return ""
        plain = normalise_name(text)
        if len(plain) > BY_NAME[name].longest:
            self.fault(name, "too_long", limit=BY_NAME[name].longest)
            return ""
        if has_my_number(plain):
            self.fault(name, "my_number")
            return ""
        return plain

    def text(self, name: str) -> str:
        text = self.texts.get(name, "")
        if not text and name in NEEDED and not any(one.column == name for one in self.faults):
            self.fault(name, "missing")
        return text

    def read(self, name: str, reader: Callable[[str], Any], code: str) -> Any:
        """The value of a cell, None of an empty one and of one that cannot be read."""
        if not (text := self.text(name)):
            return None
        try:
            return reader(text)
        except ValueError:
            self.fault(name, code)
            return None

    def entry(self, number: int, bounds: Bounds) -> Entry | None:
        activity, held_on = self.text("activity"), self._held_on(bounds)
        starts, ends, hours = self._times()
        person = self._person(held_on)
        if self.faults or held_on is None or hours is None:
            return None
        return Entry(
            row=number,
            activity=activity,
            organiser=self.text("organiser"),
            held_on=held_on,
            starts=starts,
            ends=ends,
            hours=hours,
            place=self.text("place"),
            ground=self.text("ground"),
            person=person,
        )

    def _held_on(self, bounds: Bounds) -> date | None:
        day: date | None = self.read("held_on", cells.read_day, "not_a_day")
        if day is None:
            return None
        if day < bounds.first:
            self.fault("held_on", "before_first_day", day=bounds.first)
        elif day > bounds.last:
            code = "after_code_began" if bounds.by_code else "in_future"
            self.fault("held_on", code, day=bounds.last)
        return day

    def _times(self) -> tuple[time | None, time | None, Decimal | None]:
        if not self.texts.get("ends") and self.texts.get("starts"):
            self.texts["starts"], self.texts["ends"] = cells.split_range(self.texts["starts"])
        before = len(self.faults)
        starts: time | None = self.read("starts", cells.read_time, "not_a_time")
        ends: time | None = self.read("ends", cells.read_time, "not_a_time")
        hours: Decimal | None = self.read("hours", cells.read_hours, "not_hours")
        if len(self.faults) > before:
            return None, None, None
        if starts and ends:
            if ends <= starts:
                self.fault("ends", "end_before_start")
                return None, None, None
            day = date.min
            length = duration_hours(datetime.combine(day, starts), datetime.combine(day, ends))
            return starts, ends, hours or max(length, Decimal("0.25"))
        if hours is None:
            self.fault("hours", "no_hours")
        return starts, None, hours

    def _person(self, held_on: date | None) -> Person:
        kana = normalise_kana(self._joined("kana", "given_kana"))
        if kana and not kana_key(kana):
            self.fault("kana", "not_kana")
        born: date | None = self.read("birth_date", cells.read_day, "not_a_day")
        if born and held_on and born > held_on:
            self.fault("birth_date", "born_later")
        phone = self.read("phone", cells.read_phone, "not_a_phone") or ""
        if not any(self.texts.get(name) for name in ("birth_date", "phone")):
            self.fault("birth_date", "needs_birth_date_or_phone")
        return Person(
            name=self._joined("name", "given_name"),
            kana=kana,
            birth_date=born,
            phone=phone,
            email=self.read("email", cells.read_email, "not_an_email") or "",
            address=self.text("address"),
            note=self.text("note"),
        )

    def _joined(self, first: str, second: str) -> str:
        return " ".join(part for part in (self.text(first), self.text(second)) if part)


def activities_of(judged: Iterable[Judged]) -> list[Entry]:
    """The first row of each activity, in the order of the file."""
    found: dict[str, Entry] = {}
    for one in judged:
        if one.entry is not None:
            found.setdefault(one.entry.activity_key, one.entry)
    return list(found.values())
