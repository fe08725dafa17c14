"""How full a date is, in one word."""

from __future__ import annotations


def availability(
    capacity: int | None, taken: int, *, mode: str, is_open: bool, lacks_part: bool = False
) -> str:
    """A code of `activities.enums.Availability`. `lacks_part`: something that everybody books is
    fully booked, so that nobody can take a place that is free.

    Where staff or a lot decide, people apply for more places than there are, so that nothing is
    full before. Few is a fifth of the places or less, and the last one.
    """
    if not is_open:
        return "closed"
    if mode != "first_come":
        return "apply"
    if lacks_part:
        return "full"
    if capacity is None:
        return "free"
    left = capacity - taken
    if left <= 0:
        return "full"
    return "few" if left <= max(1, capacity // 5) else "free"
