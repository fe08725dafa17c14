"""Where apps above `activities` plug in: attendance, and the portal with its index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True)
class SessionStatus:
    """How full a session is, and whether the visitor has a place in it, or has asked for one."""

    taken: int = 0
    mine: bool = False
    asked: bool = False


@dataclass(frozen=True)
class SisterSession:
    """A date of the same joint programme in another municipality; `url` is a whole address."""

    municipality: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    url: str


StatusProvider = Callable[[HttpRequest, list[UUID]], dict[UUID, SessionStatus]]
RemovalGuard = Callable[[list[UUID]], dict[UUID, Any]]
SisterProvider = Callable[[HttpRequest, Any], list[SisterSession]]
RegionProvider = Callable[[HttpRequest, Any], dict[str, Any] | None]
LinkProvider = Callable[[Any], list[tuple[Any, str]]]

_status_providers: list[StatusProvider] = []
_removal_guards: dict[str, RemovalGuard] = {}
_sister_providers: list[SisterProvider] = []
_region_providers: list[RegionProvider] = []
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


ComponentCounter = Callable[[list[UUID]], dict[UUID, dict[str, int]]]
_component_counters: list[ComponentCounter] = []


def component_counter(counter: ComponentCounter) -> ComponentCounter:
    """Decorator: `counter(uuids)` gives, for sessions with a booking, how many of which component
    (by its id) are booked. One query for all. There is one; a later one replaces it."""
    _component_counters[:] = [counter]
    return counter


def components_booked(uuids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """How much of an activity's package is booked on each date that has a booking."""
    wanted = list(uuids)
    return _component_counters[0](wanted) if wanted and _component_counters else {}


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


def sister_session_provider(provider: SisterProvider) -> SisterProvider:
    """Decorator: `provider(request, programme)` gives the dates to come in other municipalities.

    One query. There is one provider; a later one replaces it.
    """
    _sister_providers[:] = [provider]
    return provider


def sister_sessions(request: HttpRequest, programme: Any) -> list[SisterSession]:
    """Dates of a joint programme elsewhere, soonest first."""
    return [one for provider in _sister_providers for one in provider(request, programme)]


def region_provider(provider: RegionProvider) -> RegionProvider:
    """Decorator: `provider(request, search)` gives what the list page shows from elsewhere, as
    context of the template `template` in it; None where there is nothing to show (A16.11).

    There is one provider; a later one replaces it.
    """
    _region_providers[:] = [provider]
    return provider


def region_of(request: HttpRequest, search: Any) -> dict[str, Any] | None:
    """What the list of activities shows from elsewhere in the prefecture."""
    return next((provider(request, search) for provider in _region_providers), None)


ProjectAnswer = Callable[[Any, Any, str, dict[str, Any]], None]
_project_answers: list[ProjectAnswer] = []


def project_answer(answer: ProjectAnswer) -> ProjectAnswer:
    """Decorator: what the task of the workflow does with an officer's answer; there is one."""
    _project_answers[:] = [answer]
    return answer


def answer_project(task_state: Any, officer: Any, action: str, values: dict[str, Any]) -> None:
    """Answer a project that was handed in; `values` are those of the action's form, cleaned."""
    (answer,) = _project_answers
    answer(task_state, officer, action, values)


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


PeopleCounter = Callable[[Any, UUID], int]
_people_counters: list[PeopleCounter] = []


def people_counter(counter: PeopleCounter) -> PeopleCounter:
    """Decorator: `counter(municipality, uuid)` says how many are told when that session is
    cancelled or moved. There is one; a later one replaces it."""
    _people_counters[:] = [counter]
    return counter


def people_to_tell(municipality: Any, session_uuid: UUID) -> int:
    """How many have signed up for the session, applied or wait in line."""
    return _people_counters[0](municipality, session_uuid) if _people_counters else 0


WordsProvider = Callable[[HttpRequest, list[UUID]], dict[str, Any] | None]
_words_providers: list[WordsProvider] = []


def words_of_participants(provider: WordsProvider) -> WordsProvider:
    """Decorator: `provider(request, uuids)` gives what those who took part in these sessions say
    (A16.6), as context of the template `template` in it; None where nobody says anything.

    There is one provider; a later one replaces it.
    """
    _words_providers[:] = [provider]
    return provider


WordsCounter = Callable[[HttpRequest, list[UUID]], dict[UUID, int]]
_words_counters: list[WordsCounter] = []


def words_counter(counter: WordsCounter) -> WordsCounter:
    """Decorator: `counter(request, uuids)` says how many public words there are about each session
    that has any. One query for all. There is one; a later one replaces it."""
    _words_counters[:] = [counter]
    return counter


def words_counted(request: HttpRequest, uuids: Iterable[UUID]) -> dict[UUID, int]:
    """How many public words of participants there are about each of these sessions."""
    wanted = list(uuids)
    return _words_counters[0](request, wanted) if wanted and _words_counters else {}


def words_about(request: HttpRequest, uuids: Iterable[UUID]) -> dict[str, Any] | None:
    """What a page shows of those who took part in these sessions."""
    wanted = list(uuids)
    return next((provider(request, wanted) for provider in _words_providers if wanted), None)
