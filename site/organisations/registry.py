"""Where apps above `organisations` plug in: what an organisation sees first in its workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class WorkspaceSection:
    """A part of the workspace's first page: a template and what it shows."""

    template: str
    context: dict[str, Any]


# Of a request with `request.membership`, while the organisation acts.
MakesSection = Callable[[HttpRequest], WorkspaceSection]
_sections: dict[str, MakesSection] = {}


def workspace_section(key: str) -> Callable[[MakesSection], MakesSection]:
    """Register a section; they stand in the order of `INSTALLED_APPS`."""

    def register(make: MakesSection) -> MakesSection:
        _sections[key] = make
        return make

    return register


def workspace_sections(request: HttpRequest) -> list[WorkspaceSection]:
    return [make(request) for make in _sections.values()]
