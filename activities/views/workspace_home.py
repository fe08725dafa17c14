"""What an organisation sees first in its workspace: what waits for it, then its activities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.enums import ProjectState
from activities.models import ActivityPage, DesignationTaskState, Session
from activities.operations.projects import changeable_dates
from activities.queries import answers_to, projects_of
from activities.queries.desk import Figures, figures_of
from activities.registry import words_counted, workspace_links_for
from activities.rules.projects import change_state, project_state
from common import clock
from organisations.registry import WorkspaceSection, workspace_section

_SHOWN_TASKS = 4  # on a phone the activities are to be in reach; the others stand folded
_TOLD = {ProjectState.RETURNED, ProjectState.REFUSED}


@dataclass(frozen=True)
class Task:
    """One thing that waits for whoever opens the workspace: `heading` says what to do, `links`
    (label, address) where, the first of them before all."""

    heading: str
    title: str
    at: datetime | None
    place: str
    links: list[tuple[Any, str]]
    comment: str = ""


@workspace_section("activities")
def activities_section(request: HttpRequest) -> WorkspaceSection:
    """Tasks, then activities with dates to come, then those that are over; a fixed number of
    queries, however many there are."""
    membership = request.membership  # type: ignore[attr-defined]
    pages = list(projects_of(membership.organisation_id))
    answers = answers_to(pages)
    figures = figures_of(request.municipality, pages)  # type: ignore[attr-defined]
    dates = [one for page in pages if page.live for one in page.sessions.all()]
    words = words_counted(request, [one.uuid for one in dates if one.is_over])
    cards = [_card(page, answers.get(page.pk, []), figures[page.pk], words) for page in pages]
    tasks = _tasks(cards, membership.organisation_id)
    return WorkspaceSection(
        "activities/workspace/section.html",
        {
            "membership": membership,
            "tasks": tasks[:_SHOWN_TASKS],
            "more_tasks": tasks[_SHOWN_TASKS:],
            "cards": [card for card in cards if card["state"] != ProjectState.OVER],
            "over": [card for card in cards if card["state"] == ProjectState.OVER],
        },
    )


def _card(
    page: ActivityPage,
    answers: list[DesignationTaskState],
    figures: Figures,
    words: dict[UUID, int],
) -> dict[str, Any]:
    sessions = sorted(page.sessions.all(), key=lambda one: one.starts_at)
    state = ProjectState(
        project_state(
            is_live=page.live,
            outcomes=[answer.outcome for answer in answers],
            is_over=bool(sessions) and all(session.is_over for session in sessions),
        )
    )
    published = page.last_published_at
    changes = change_state(
        has_changes=page.live and page.has_unpublished_changes,
        outcomes=[one.outcome for one in answers if published and one.started_at > published],
    )
    change = ProjectState(changes) if changes else None
    newest = change or state
    rows = [_row(session, words.get(session.uuid, 0)) for session in sessions] if page.live else []
    return {
        "page": page,
        # What nobody could open or sign up for yet has none.
        "figures": figures if published else None,
        "words": sum(row["words"] for row in rows),
        "state": state,
        "change": change,
        "comment": answers[0].comment if newest in _TOLD else "",
        "waits": newest == ProjectState.WAITING,
        "is_sent_back": newest in _TOLD,
        # Of what waits nothing is changed before it is taken back.
        "can_change": newest != ProjectState.WAITING
        and (not page.live or bool(changeable_dates(page))),
        "can_hand_in": newest != ProjectState.WAITING and (not page.live or change is not None),
        "coming": [row for row in rows if not row["session"].is_over],
        "past": [row for row in reversed(rows) if row["session"].is_over],
    }


def _row(session: Session, words: int) -> dict[str, Any]:
    over = session.is_over and not session.is_cancelled
    return {
        "session": session,
        "words": words,
        "links": workspace_links_for(session),
        "may_change": not (session.has_begun or session.is_cancelled),
        "lacks_report": over and not hasattr(session, "report"),
        "has_report": hasattr(session, "report"),
        "may_thank": over,
        "has_thanked": hasattr(session, "thanks"),
    }


def _tasks(cards: list[dict[str, Any]], organisation: int) -> list[Task]:
    """Today's check-ins, reports that are missing (the oldest first), what was sent back."""
    rows = [row for card in cards for row in (*card["coming"], *card["past"])]
    today = [
        _task(_("Today's check-in"), row["session"], row["links"])
        for row in rows
        if _is_today(row["session"])
    ]
    missing = [
        _task(
            _("The report has not been handed in yet"),
            row["session"],
            [
                (
                    _("Hand in the report"),
                    reverse("activities:report", args=[organisation, row["session"].uuid]),
                )
            ],
        )
        for row in rows
        if row["lacks_report"]
    ]
    sent_back = [
        Task(
            card["change"].label if card["change"] else card["state"].label,
            card["page"].draft_title,
            None,
            "",
            [(_("Change it"), reverse("activities:edit", args=[organisation, card["page"].pk]))],
            card["comment"],
        )
        for card in cards
        if card["is_sent_back"] and card["can_change"]
    ]
    return sorted(today, key=_moment) + sorted(missing, key=_moment) + sent_back


def _task(heading: str, session: Session, links: list[tuple[Any, str]]) -> Task:
    return Task(heading, session.page.title, session.starts_at, session.place, links)


def _moment(task: Task) -> datetime:
    return task.at or clock.now()


def _is_today(session: Session) -> bool:
    """Also once it is over: who took part is confirmed afterwards."""
    last = session.ends_at.astimezone(clock.TOKYO).date()
    return not session.is_cancelled and session.day <= clock.today() <= last
