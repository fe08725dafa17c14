"""An organisation's activities in its workspace, on the municipality's host."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities.enums import ProjectState
from activities.forms import ProjectForm, ReportForm
from activities.models import ActivityPage, DesignationTaskState
from activities.operations.projects import (
    copy_of,
    save_project,
    submit_project,
    take_back_project,
)
from activities.operations.reports import hand_in_report
from activities.queries import answers_to, projects_of, session_of
from activities.registry import workspace_links_for
from activities.rules.projects import project_state
from common import clock
from common.refusal import Refused
from organisations.permissions import for_members
from organisations.registry import WorkspaceSection, workspace_section


@workspace_section("activities")
def activities_section(request: HttpRequest) -> WorkspaceSection:
    """The organisation's activities with their state; five queries, however many."""
    membership = request.membership  # type: ignore[attr-defined]
    pages = list(projects_of(membership.organisation_id))
    answers = answers_to(pages)
    cards = [_card(page, answers.get(page.pk, [])) for page in pages]
    return WorkspaceSection(
        "activities/workspace/section.html", {"cards": cards, "membership": membership}
    )


def _card(page: ActivityPage, answers: list[DesignationTaskState]) -> dict[str, Any]:
    sessions = list(page.sessions.all())
    state = ProjectState(
        project_state(
            is_live=page.live,
            outcomes=[answer.outcome for answer in answers],
            is_over=bool(sessions) and all(session.is_over for session in sessions),
        )
    )
    is_told = state in {ProjectState.RETURNED, ProjectState.REFUSED}
    return {
        "page": page,
        "state": state,
        "comment": answers[0].comment if is_told else "",
        "is_draft": not page.live and state != ProjectState.WAITING,
        "sessions": [
            {
                "session": session,
                "links": workspace_links_for(session),
                "lacks_report": session.is_over and not hasattr(session, "report"),
            }
            for session in sessions
        ]
        if page.live
        else [],
    }


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new activity; with `?like=` it begins with the words of one run before."""
    organisation = request.membership.organisation  # type: ignore[attr-defined]
    initial: dict[str, Any] = {
        "contact_name": organisation.contact_name or organisation.name,
        "contact_phone": organisation.contact_phone,
        "begins": "09:00",
        "ends": "12:00",
    }
    like = request.GET.get("like", "")
    if like.isdecimal():
        initial |= copy_of(_own(request, int(like)))
    return _form(request, None, initial)


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, page_id: int) -> HttpResponse:
    """A draft of the organisation's own."""
    page = _own(request, page_id)
    draft = page.get_latest_revision_as_object()
    initial = copy_of(draft)
    if session := draft.sessions.first():
        starts_at, ends_at = (
            at.astimezone(clock.TOKYO) for at in (session.starts_at, session.ends_at)
        )
        initial |= {
            "day": starts_at.date().isoformat(),
            "begins": f"{starts_at:%H:%M}",
            "ends": f"{ends_at:%H:%M}",
        }
    return _form(request, page, initial)


def _form(request: HttpRequest, page: ActivityPage | None, initial: dict[str, Any]) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    form = ProjectForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            page = save_project(membership.organisation, form.cleaned_data, page)
            if "submit" in request.POST:
                _submit(request, page)
            else:
                messages.success(request, _("The draft is saved."))
            return redirect("organisations:home", membership.organisation_id)
        except Refused as refusal:
            form.add_error(None, _sentence(refusal))
    return render(
        request,
        "activities/workspace/form.html",
        {"form": form, "page": page},
        status=400 if form.errors else 200,
    )


@for_members
@require_POST
def submit(request: HttpRequest, page_id: int) -> HttpResponse:
    """Hand a draft in."""
    page = _own(request, page_id)
    try:
        _submit(request, page)
    except Refused as refusal:
        messages.error(request, _sentence(refusal))
    return redirect("organisations:home", page.organisation_id)


def _submit(request: HttpRequest, page: ActivityPage) -> None:
    membership = request.membership  # type: ignore[attr-defined]
    is_public = submit_project(
        page,
        membership.organisation,
        request.resident.user,  # type: ignore[attr-defined]
    )
    if is_public:
        messages.success(request, _("The activity is public now."))
    else:
        messages.success(
            request, _("The municipality has got the activity. You get a mail once it has decided.")
        )


@for_members
@require_POST
def take_back(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take back what waits for the municipality, to change it."""
    page = _own(request, page_id)
    take_back_project(page)
    messages.success(request, _("Taken back. You can change it and hand it in again."))
    return redirect("organisations:home", page.organisation_id)


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """What came of a session."""
    membership = request.membership  # type: ignore[attr-defined]
    session = session_of(membership.organisation_id, session_uuid)
    if session is None or not session.is_over:
        raise Http404
    known = getattr(session, "report", None)
    form = ReportForm(
        request.POST if request.method == "POST" else None, initial={"hours": session.hours}
    )
    if request.method == "POST" and known is None and form.is_valid():
        hand_in_report(session, request.resident.user, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("Thank you. The municipality has your report."))
        return redirect("organisations:home", membership.organisation_id)
    return render(
        request,
        "activities/workspace/report.html",
        {"form": form, "session": session, "report": known},
        status=400 if form.errors and known is None else 200,
    )


def _own(request: HttpRequest, page_id: int) -> ActivityPage:
    membership = request.membership  # type: ignore[attr-defined]
    page = projects_of(membership.organisation_id).filter(pk=page_id).first()
    if page is None:
        raise Http404
    return page


def _sentence(refusal: Refused) -> str:
    match refusal.code:
        case "not_a_draft":
            return _(
                "This activity is public or waits for the municipality. Take it back first, or ask"
                " the municipality to change it."
            )
        case "no_standing":
            return _("The organisation is no longer recognised here. Please ask the municipality.")
        case "no_list":
            return _("The municipality has no list of activities yet. Please ask it.")
    raise KeyError(refusal.code)
