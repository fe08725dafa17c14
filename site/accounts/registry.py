"""Where apps above plug in what becomes of theirs when two accounts of one person become one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Takes `kept` and `other`, both `accounts.models.Resident`.
MergePart = Callable[[Any, Any], None]
_parts: dict[str, MergePart] = {}


def merge_part(key: str) -> Callable[[MergePart], MergePart]:
    """Register what an app does with its rows of the account that goes.

    Called in the transaction of the merge, in the shared schema, as the person who stays:
    `other.merged_into` is set already, so the walls let them take over what the other had.
    Parts run in the order of `INSTALLED_APPS`, the lower app's first.
    """

    def add(part: MergePart) -> MergePart:
        if key in _parts:
            raise ValueError(f"two parts named {key}")
        _parts[key] = part
        return part

    return add


def merge_parts() -> list[MergePart]:
    return list(_parts.values())
