"""Where apps above `accounts` plug in: parts of the profile's page, what a resident is asked first,
and what becomes of theirs when two accounts of one person become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class ProfilePart:
    """Shown above the profile's form; `initial` is filled into it, to be looked at and saved."""

    template: str
    context: dict[str, Any]
    initial: dict[str, Any]


# Of a request and the resident it is of, or None where there is no profile yet.
MakesPart = Callable[[HttpRequest, Any], ProfilePart | None]
_makers: list[MakesPart] = []


def add_to_profile(make: MakesPart) -> None:
    if make not in _makers:
        _makers.append(make)


def profile_parts(request: HttpRequest, resident: Any) -> list[ProfilePart]:
    return [part for make in _makers if (part := make(request, resident)) is not None]


# Of a request of a resident (`request.resident`): the address to be led to first, or None.
Gate = Callable[[HttpRequest], str | None]
_gates: list[Gate] = []


def visit_gate(gate: Gate) -> Gate:
    """Register something that residents are asked before they go on (`resident_required`)."""
    if gate not in _gates:
        _gates.append(gate)
    return gate


def asked_first(request: HttpRequest) -> str | None:
    return next((url for gate in _gates if (url := gate(request))), None)


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
