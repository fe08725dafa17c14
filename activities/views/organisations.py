"""The municipality's partner organisations, in its admin: requests, standings, first managers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities.forms import (
    JointProgrammeForm,
    ManagerForm,
    OrganisationForm,
    StandingAnswerForm,
    StandingChangeForm,
)
from activities.permissions import may_run_activities
from common import clock
from common.refusal import Refused
from organisations.enums import MemberRole, Pattern
from organisations.models import Organisation
from organisations.operations.people import invite_member
from organisations.operations.programmes import add_programme
from organisations.operations.sign_up import answer_request
from organisations.operations.standings import add_organisation, end_standing, give_standing
from organisations.queries import (
    history_of,
    members_of,
    programmes_of,
    requests_to,
    standings_in_force,
)
from organisations.views.sentences import sentence_for

View = Callable[..., HttpResponse]


def coordinators_only(view: View) -> View:
    """For those who run activities here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_run_activities(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@coordinators_only
def organisations(request: HttpRequest) -> HttpResponse:
    """Those this municipality works with, those who ask to, and the form for one more."""
    municipality: Any = request.municipality  # type: ignore[attr-defined]
    is_programme = "programme" in request.POST
    posted = request.POST or None
    form = OrganisationForm(None if is_programme else posted)
    programme_form = JointProgrammeForm(municipality, posted if is_programme else None)
    if request.method == "POST" and is_programme and programme_form.is_valid():
        programme = add_programme(**programme_form.cleaned_data, entered_by=municipality)
        messages.success(
            request,
            _("%(name)s can now be chosen as joint programme.") % {"name": programme.name},
        )
        return redirect(request.path)
    if request.method == "POST" and not is_programme and form.is_valid():
        values = dict(form.cleaned_data)
        pattern = values.pop("pattern")
        organisation = add_organisation(
            municipality,
            pattern=pattern,
            decided_by=request.user,  # type: ignore[arg-type]
            **values,
        )
        messages.success(
            request, _("%(name)s can now be chosen as organiser.") % {"name": organisation.name}
        )
        return redirect(request.path)
    return render(
        request,
        "activities/admin/organisations.html",
        {
            "form": form,
            "programme_form": programme_form,
            "programmes": programmes_of(municipality, clock.today()),
            "standings": standings_in_force(municipality, clock.today()),
            "requests": requests_to(municipality),
        },
    )


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def request_for_standing(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request, and the answer: pattern 1, pattern 2, or no with a reason."""
    municipality: Any = request.municipality  # type: ignore[attr-defined]
    asked = requests_to(municipality).filter(pk=request_id).first()
    if asked is None:
        raise Http404
    form = StandingAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_request(
                asked.pk,
                municipality,
                request.user,  # type: ignore[arg-type]
                pattern=form.pattern,
                reason=form.cleaned_data["reason"],
            )
        except Refused as refusal:
            form.add_error("reason", sentence_for(refusal))
        else:
            messages.success(request, _("The organisation has been told."))
            return redirect("activities_organisations")
    return render(request, "activities/admin/standing_request.html", {"form": form, "asked": asked})


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """One partner: its people, the history of its standing, and the form that changes it."""
    municipality: Any = request.municipality  # type: ignore[attr-defined]
    found = _partner(request, organisation_id)
    form = StandingChangeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, found, form.cleaned_data)
        except Refused as refusal:
            form.add_error("day", sentence_for(refusal))
        else:
            messages.success(request, _("The change is kept."))
            return redirect(request.path)
    return render(
        request,
        "activities/admin/organisation.html",
        {
            "organisation": found,
            "form": form,
            "manager_form": ManagerForm(),
            "members": members_of(found),
            "history": history_of(found, municipality).select_related("decided_by", "ended_by"),
        },
    )


@coordinators_only
@require_POST
def invite_manager(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Let somebody manage an organisation that the municipality entered."""
    found = _partner(request, organisation_id)
    form = ManagerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["email"])))
        return redirect("activities_organisation", organisation_id)
    try:
        invite_member(
            found,
            form.cleaned_data["email"],
            MemberRole.MANAGER,
            request.user,  # type: ignore[arg-type]
            request.municipality,  # type: ignore[attr-defined]
        )
    except Refused as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("The invitation is on its way."))
    return redirect("activities_organisation", organisation_id)


def _change(request: HttpRequest, found: Organisation, values: dict[str, Any]) -> None:
    municipality: Any = request.municipality  # type: ignore[attr-defined]
    if values["change"] == "end":
        end_standing(
            found,
            municipality,
            values["day"],
            ended_by=request.user,  # type: ignore[arg-type]
            reason=values["reason"],
        )
        return
    give_standing(
        found,
        municipality,
        pattern=Pattern(int(values["change"])),
        valid_from=values["day"],
        decided_by=request.user,  # type: ignore[arg-type]
    )


def _partner(request: HttpRequest, organisation_id: int) -> Organisation:
    """With a standing here, now or before."""
    municipality: Any = request.municipality  # type: ignore[attr-defined]
    found = (
        Organisation.objects.filter(pk=organisation_id, standings__municipality=municipality)
        .distinct()
        .first()
    )
    if found is None:
        raise Http404
    return found
