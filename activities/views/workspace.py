"""An organisation's activities in its workspace, on the municipality's host: written, handed in,
changed, reported. What stands on the first page is in `workspace_home`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activities.forms import ReportForm
from activities.forms.projects import ProjectForm
from activities.models import ActivityPage, Session
from activities.operations.projects import (
    changeable_dates,
    drop_change,
    require_changeable,
    save_project,
    submit_project,
    take_back_project,
    words_of,
)
from activities.operations.reports import hand_in_report
from activities.operations.templates import filled
from activities.queries import draft_of, own_templates, projects_of, session_of
from activities.rules.examples import ActivityTemplate, templates
from activities.views.templates import shown
from common.refusal import Refused
from organisations.permissions import for_members


@for_members
@require_safe
def choose_template(request: HttpRequest) -> HttpResponse:
    """What a new activity can begin with: the municipality's own templates, examples for this kind
    of organisation, then all others."""
    kind = request.membership.organisation.kind  # type: ignore[attr-defined]
    fitting = [one for one in templates().values() if kind in one.kinds]
    others = [one for one in templates().values() if kind not in one.kinds]
    return render(
        request,
        "activities/workspace/templates.html",
        {
            "own": own_templates(),
            "fitting": [shown(one) for one in fitting],
            "others": [shown(one) for one in others],
        },
    )


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new activity; with `?template=` or `?like=` it begins with a template, or with one that
    the organisation ran before."""
    organisation = request.membership.organisation  # type: ignore[attr-defined]
    template = _template(request)
    initial: dict[str, Any] = {"begins": "09:00", "ends": "12:00"}
    proposed = None
    if template is not None:
        page = filled(template, organisation)
        proposed = page.sessions.first()
        initial |= words_of(page, proposed)
    if not isinstance(template, ActivityPage) or template.organisation_id != organisation.pk:
        initial |= {
            "contact_name": organisation.contact_name or organisation.name,
            "contact_phone": organisation.contact_phone,
        }
    form = ProjectForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        is_filled=template is not None,
        proposed=proposed,
    )
    return _answer(request, form, template=template)


def _template(request: HttpRequest) -> ActivityTemplate | ActivityPage | None:
    """The one that the address names; 404 where there is none of that name."""
    like, key = request.GET.get("like", ""), request.GET.get("template", "")
    if like:
        return _own(request, int(like)) if _is_number(like) else _missing()
    if key:
        own = own_templates().filter(pk=key).first() if _is_number(key) else None
        return templates().get(key) or own or _missing()
    return None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _missing() -> Any:
    raise Http404


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, page_id: int) -> HttpResponse:
    """A draft of the organisation's own, or a change of what is public."""
    page = _own(request, page_id)
    draft = draft_of(page)
    dates: list[Session] = changeable_dates(draft)
    try:
        require_changeable(page)
        if page.live and not dates:
            raise Refused("no_date_left")
    except Refused as refusal:
        messages.error(request, _sentence(refusal))
        return redirect("organisations:home", page.organisation_id)
    first = dates[0] if dates else None
    form = ProjectForm(
        request.POST if request.method == "POST" else None,
        initial=words_of(draft, first) | ({"day": first.day.isoformat()} if first else {}),
        dates=dates,
        must_stay=page.live,
    )
    return _answer(request, form, page)


def _answer(
    request: HttpRequest,
    form: ProjectForm,
    page: ActivityPage | None = None,
    template: ActivityTemplate | ActivityPage | None = None,
) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_project(
                membership.organisation, form.cleaned_data, page, template=template
            )
            if "submit" in request.POST:
                _submit(request, saved)
            else:
                messages.success(request, _("The draft is saved."))
            return redirect("organisations:home", membership.organisation_id)
        except Refused as refusal:
            form.add_error(None, _sentence(refusal))
    return render(
        request,
        "activities/workspace/form.html",
        {"form": form, "page": page, "template": template},
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
    is_change = page.live
    is_public = submit_project(
        page,
        membership.organisation,
        request.resident.user,  # type: ignore[attr-defined]
    )
    if is_public and is_change:
        said = _("The change is public now.")
    elif is_public:
        said = _("The activity is public now.")
    elif is_change:
        said = _(
            "The municipality has got the change. Until it has decided, the public page stays as it"
            " is. You get a mail."
        )
    else:
        said = _("The municipality has got the activity. You get a mail once it has decided.")
    messages.success(request, said)


@for_members
@require_POST
def take_back(request: HttpRequest, page_id: int) -> HttpResponse:
    """Take back what waits for the municipality, to change it."""
    page = _own(request, page_id)
    take_back_project(page)
    messages.success(request, _("Taken back. You can change it and hand it in again."))
    return redirect("organisations:home", page.organisation_id)


@for_members
@require_POST
def drop(request: HttpRequest, page_id: int) -> HttpResponse:
    """Leave what is public as it is, without the change."""
    page = _own(request, page_id)
    try:
        drop_change(page)
        messages.success(request, _("The change is dropped. What is public stays as it is."))
    except Refused as refusal:
        messages.error(request, _sentence(refusal))
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
                "This activity waits for the municipality. Take it back first, then change it."
            )
        case "staff_at_work":
            return _(
                "The municipality is changing this activity. Please ask it, or wait until it has"
                " published its change."
            )
        case "no_date_left":
            return _("All dates of this activity have begun. Please announce a new one.")
        case "no_standing":
            return _("The organisation is no longer recognised here. Please ask the municipality.")
        case "no_list":
            return _("The municipality has no list of activities yet. Please ask it.")
    raise KeyError(refusal.code)
