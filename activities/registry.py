"""Where apps above `activities` plug in; attendance fills most of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True)
class SessionStatus:
    """How full a session is, and whether the visitor has a place in it."""

    taken: int = 0
    mine: bool = False


StatusProvider = Callable[[HttpRequest, list[UUID]], dict[UUID, SessionStatus]]
RemovalGuard = Callable[[list[UUID]], dict[UUID, Any]]
LinkProvider = Callable[[Any], list[tuple[Any, str]]]

_status_providers: list[StatusProvider] = []
_removal_guards: dict[str, RemovalGuard] = {}
_link_providers: dict[str, LinkProvider] = {}


def session_status_provider(provider: StatusProvider) -> StatusProvider:
    """Decorator: `provider(request, uuids)` gives the status of each session it knows.

    One query for all. There is one provider; a later one replaces it.
    """
    _status_providers[:] = [provider]
    return provider


def session_statuses(request: HttpRequest, uuids: Iterable[UUID]) -> dict[UUID, SessionStatus]:
    """The status of every session named; sessions nobody knows of are empty."""
    wanted = list(uuids)
    known = _status_providers[0](request, wanted) if wanted and _status_providers else {}
    return {uuid: known.get(uuid, SessionStatus()) for uuid in wanted}


def session_removal_guard(key: str) -> Callable[[RemovalGuard], RemovalGuard]:
    """Decorator: `guard(uuids)` gives, for sessions that must stay, the (lazy) reason why."""

    def register(guard: RemovalGuard) -> RemovalGuard:
        _removal_guards[key] = guard
        return guard

    return register


def removal_refusals(uuids: Iterable[UUID]) -> dict[UUID, Any]:
    """Sessions that must not be removed, with the reason."""
    wanted = list(uuids)
    refusals: dict[UUID, Any] = {}
    if wanted:
        for guard in _removal_guards.values():
            refusals.update(guard(wanted))
    return refusals


def session_links(key: str) -> Callable[[LinkProvider], LinkProvider]:
    """Decorator: `provider(session)` gives `(label, url)` pairs for staff, e.g. the poster."""

    def register(provider: LinkProvider) -> LinkProvider:
        _link_providers[key] = provider
        return provider

    return register


def links_for(session: Any) -> list[tuple[Any, str]]:
    """What staff can open for one session."""
    return [link for provider in _link_providers.values() for link in provider(session)]


_workspace_links: dict[str, LinkProvider] = {}


def workspace_links(key: str) -> Callable[[LinkProvider], LinkProvider]:
    """Register `provider(session)`: `(label, url)` pairs for the organisation that runs it, on the
    municipality's public host."""

    def register(provider: LinkProvider) -> LinkProvider:
        _workspace_links[key] = provider
        return provider

    return register


def workspace_links_for(session: Any) -> list[tuple[Any, str]]:
    """What an organisation can open for one session of its own."""
    return [link for provider in _workspace_links.values() for link in provider(session)]
