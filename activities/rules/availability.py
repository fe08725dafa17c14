"""How full a date is, in one word."""

from __future__ import annotations


def availability(capacity: int | None, taken: int, *, mode: str, is_open: bool) -> str:
    """A code of `activities.enums.Availability`.

    Where staff or a lot decide, people apply for more places than there are, so that nothing is
    full before. Few is a fifth of the places or less, and the last one.
    """
    if not is_open:
        return "closed"
    if mode != "first_come":
        return "apply"
    if capacity is None:
        return "free"
    left = capacity - taken
    if left <= 0:
        return "full"
    return "few" if left <= max(1, capacity // 5) else "free"
