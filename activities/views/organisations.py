"""The municipality's partner organisations, in its admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from activities.forms import JointProgrammeForm, OrganisationForm
from activities.permissions import may_run_activities
from common import clock
from organisations.operations.programmes import add_programme
from organisations.operations.standings import add_organisation
from organisations.queries import programmes_of, standings_in_force


def _require(request: HttpRequest) -> None:
    if not may_run_activities(request.user):  # type: ignore[arg-type]
        raise PermissionDenied


def organisations(request: HttpRequest) -> HttpResponse:
    """Those this municipality works with, and the form for one more."""
    _require(request)
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
        },
    )
