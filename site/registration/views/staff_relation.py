"""Stages of the relation in the municipality's admin: how many people, and from when on."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from registration.enums import RelationStage
from registration.forms.relation import RelationForm
from registration.models import RelationSetting
from registration.operations.relation import set_thresholds
from registration.permissions import SET_CONDITIONS, VIEW
from registration.queries.relation import people_by_stage
from registration.views.staff_registrants import permitted, place_of_request


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(VIEW)
def relation(request: HttpRequest) -> HttpResponse:
    """Whoever sees registrants sees how many there are at each stage; administrators set the
    figures."""
    place = place_of_request(request)
    may_set = request.user.has_perm(SET_CONDITIONS)
    if request.method == "POST" and not may_set:
        raise PermissionDenied
    form = RelationForm(
        request.POST if request.method == "POST" else None, instance=RelationSetting.of(place)
    )
    if request.method == "POST" and form.is_valid():
        set_thresholds(place, request.user, form.thresholds)  # type: ignore[arg-type]
        messages.success(request, _("The stages have been set."))
        return redirect("registration_relation")
    counts = people_by_stage(place)
    return render(
        request,
        "registration/admin/relation.html",
        {
            "page_title": _("Stages of the relation"),
            "header_icon": "group",
            "form": form if may_set else None,
            "stages": [(RelationStage(stage.value), number) for stage, number in counts.items()],
        },
        status=400 if form.errors else 200,
    )
