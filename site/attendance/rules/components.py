"""What somebody books along with a place, and what they get of it.

A booking is kept with the sign-up as a list of `{"id", "kind", "name", "number", "missed"}`, in
the package's order: `name` in the words of the page's own language, as they were then. `missed`:
the place was given and this part was not left. Parts are held by whoever holds a place, and by
nobody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from activities.rules.components import Component
from common.refusal import Refused

MOST_OF_ONE = 6
Booking = list[dict[str, Any]]


@dataclass(frozen=True)
class ComponentSum:
    """How many of one component are booked; `capacity` None where there is no limit or it is no
    longer offered."""

    id: str
    kind: str
    name: str
    booked: int
    capacity: int | None


def chosen(package: Sequence[Component], numbers: Mapping[str, int]) -> Booking:
    """What `numbers`, by the component's id, make of a package.

    Raises `Refused` with `component_gone` (no longer offered), `component_many` (most),
    `component_required` (name) or `component_fits` (there are not so many at all: id,
    name, capacity).
    """
    known = {one.id for one in package}
    if any(number and key not in known for key, number in numbers.items()):
        raise Refused("component_gone")
    booking: Booking = []
    for one in package:
        number = numbers.get(one.id, 0)
        if not 0 <= number <= MOST_OF_ONE:
            raise Refused("component_many", most=MOST_OF_ONE)
        if one.is_required and not number:
            raise Refused("component_required", name=one.name)
        if one.capacity is not None and number > one.capacity:
            raise Refused("component_fits", id=one.id, name=one.name, capacity=one.capacity)
        if number:
            booking.append(
                {
                    "id": one.id,
                    "kind": one.kind,
                    "name": one.name,
                    "number": number,
                    "missed": False,
                }
            )
    return booking


def require_left(booking: Booking, package: Sequence[Component], booked: Mapping[str, int]) -> None:
    """Raises `Refused` with `component_left` (id, name, left) for the first that is not left; where
    everybody books it and none is left, `component_none_left` (id, name)."""
    required = {one.id for one in package if one.is_required}
    for one, left in _with_left(booking, package, booked):
        if left == 0 and one["id"] in required:
            raise Refused("component_none_left", id=one["id"], name=one["name"])
        if left is not None and one["number"] > left:
            raise Refused("component_left", id=one["id"], name=one["name"], left=left)


def given(booking: Booking, package: Sequence[Component], booked: Mapping[str, int]) -> Booking:
    """The booking of somebody whose place is given now: what is not left in the number wished is
    missed, all else is theirs. What is offered no more is not left."""
    offered = {one.id for one in package}
    return [
        {**one, "missed": one["id"] not in offered or (left is not None and one["number"] > left)}
        for one, left in _with_left(booking, package, booked)
    ]


def count(bookings: Iterable[Booking]) -> Counter[str]:
    """How many of each component are held, by its id."""
    held: Counter[str] = Counter()
    for booking in bookings:
        for one in booking:
            if not one["missed"]:
                held[one["id"]] += one["number"]
    return held


def sums(package: Sequence[Component], bookings: Sequence[Booking]) -> list[ComponentSum]:
    """Of all that is offered or booked, how many are booked; what is offered first."""
    held = count(bookings)
    rows = [
        ComponentSum(one.id, one.kind, one.name, held.pop(one.id, 0), one.capacity)
        for one in package
    ]
    gone = {one["id"]: one for booking in bookings for one in booking if one["id"] in held}
    return rows + [
        ComponentSum(key, one["kind"], one["name"], held[key], None) for key, one in gone.items()
    ]


def held_of(booking: Booking, columns: Sequence[ComponentSum]) -> list[int]:
    """What one booking holds of each of `columns`, 0 for nothing."""
    held = count([booking])
    return [held[one.id] for one in columns]


def _with_left(
    booking: Booking, package: Sequence[Component], booked: Mapping[str, int]
) -> list[tuple[dict[str, Any], int | None]]:
    offered = {one.id: one for one in package}
    return [
        (one, offered[one["id"]].left(booked.get(one["id"], 0)) if one["id"] in offered else None)
        for one in booking
    ]
