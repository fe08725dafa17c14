"""What the municipality asks for, in its admin: versions, a preview, a new version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusal import Refused
from registration.forms.conditions import ConditionsForm
from registration.models import MunicipalConditions
from registration.operations.conditions import set_conditions, try_conditions
from registration.permissions import DECIDE, SET_CONDITIONS
from registration.views.staff_premium import names_of, premium_name
from registration.views.staff_refusals import sentence_for
from registration.views.staff_registrants import permitted, place_of_request
from tenants.models import Municipality


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(DECIDE)
def conditions(request: HttpRequest) -> HttpResponse:
    """Officers read what is asked for; administrators try other conditions out and set them."""
    place = place_of_request(request)
    may_set = request.user.has_perm(SET_CONDITIONS)
    newest = MunicipalConditions.objects.newest_of(place)
    if request.method != "POST":
        form = ConditionsForm(instance=newest, initial={"seen": newest.version}, place=place)
        return _shown(request, place, form, may_set)
    if not may_set:
        raise PermissionDenied
    form = ConditionsForm(request.POST, place=place)
    if not form.is_valid():
        return _shown(request, place, form, may_set)
    if "save" in request.POST:
        try:
            set_conditions(
                place,
                request.user,  # type: ignore[arg-type]
                form.values(),
                form.cleaned_data["seen"],
            )
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
            # What the colleague set is shown below; saving once more is meant.
            data = request.POST.copy()
            data["seen"] = str(MunicipalConditions.objects.newest_of(place).version)
            form.data = data
            return _shown(request, place, form, may_set)
        messages.success(request, _("The conditions have been set."))
        return redirect("registration_conditions")
    tried = try_conditions(place, MunicipalConditions(municipality=place, **form.values()))
    return _shown(request, place, form, may_set, tried=tried)


def _shown(
    request: HttpRequest,
    place: Municipality,
    form: ConditionsForm,
    may_set: bool,
    **more: Any,
) -> HttpResponse:
    versions = list(MunicipalConditions.objects.filter(municipality=place).order_by("-version"))
    setters = names_of(row.set_by_id for row in versions)
    return render(
        request,
        "registration/admin/conditions.html",
        {
            "page_title": _("Conditions for %s registration") % premium_name(),
            "header_icon": "cogs",
            "form": form,
            "may_set": may_set,
            "is_prefecture": place.is_prefecture,
            "versions": [(row, setters.get(row.set_by_id, "")) for row in versions],
            **more,
        },
    )
