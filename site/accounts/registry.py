"""Where apps above `accounts` add to the pages of an account."""

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
