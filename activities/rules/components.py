"""What can be booked along with a place: a bed, childcare, a car."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Component:
    """One part of an activity's package. `id` is its name outside of the page; `kind` a code of
    `activities.enums.ComponentKind`; `costs` words; `capacity` how many there are on each date,
    None for as many as are needed; `is_required`: whoever signs up takes at least one."""

    id: str
    kind: str
    name: str
    costs: str = ""
    note: str = ""
    capacity: int | None = None
    is_required: bool = False

    def left(self, booked: int) -> int | None:
        """How many are left on a date where `booked` are taken; None is no limit, and a number
        that was lowered takes nothing from anybody."""
        return None if self.capacity is None else max(self.capacity - booked, 0)


@dataclass(frozen=True)
class ComponentLeft:
    """A component on one date: `left` as `Component.left`."""

    component: Component
    left: int | None


def left_of(components: list[Component], booked: dict[str, int]) -> list[ComponentLeft]:
    """Each component with how many are left where `booked` are taken, by id."""
    return [ComponentLeft(one, one.left(booked.get(one.id, 0))) for one in components]


@dataclass(frozen=True)
class BelowBooked:
    """A change that takes away what somebody has booked: `booked` is the most on one date;
    `capacity` None where the component is to go."""

    component: Component
    capacity: int | None
    booked: int


def below_booked(
    before: list[Component], after: list[Component], booked: list[dict[str, int]]
) -> list[BelowBooked]:
    """What is wrong with changing `before` into `after`, where `booked` says of each date to come
    how many of which id are taken. Limits that were too low before are no fault of the change."""
    now = {one.id: one for one in after}
    faults = []
    for one in before:
        most = max((taken.get(one.id, 0) for taken in booked), default=0)
        kept = now.get(one.id)
        if most and kept is None:
            faults.append(BelowBooked(one, None, most))
        elif (
            kept is not None
            and kept.capacity is not None
            and kept.capacity < most
            and kept.capacity != one.capacity
        ):
            faults.append(BelowBooked(kept, kept.capacity, most))
    return faults
