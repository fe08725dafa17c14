"""The portal's form on which a municipality asks to take part (R1, R28)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.refusal import Refused
from tenants.enums import TermsKind
from tenants.forms.participation import ParticipationRequestForm, PrefectureForm
from tenants.models import Terms
from tenants.operations.requests import submit_request


@require_http_methods(["GET", "HEAD", "POST"])
def participation_request(request: HttpRequest) -> HttpResponse:
    """Two steps without a script: `?prefecture=` chosen by GET, then the request itself."""
    chosen = PrefectureForm(request.GET or None)
    if not chosen.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(
            request, "tenants/participate_prefecture.html", {"form": chosen}, status=status
        )
    prefecture = chosen.cleaned_data["prefecture"]
    form = ParticipationRequestForm(prefecture, request.POST or None)
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "agree"}
        try:
            submit_request(**fields)
        except Refused:
            form.add_error(
                "local_government",
                _(
                    "A colleague has already sent a request for this local government. Please "
                    "ask within your office, or wait for the operator's answer."
                ),
            )
        else:
            return redirect("tenants:participation_received")
    return render(
        request,
        "tenants/participate.html",
        {
            "form": form,
            "prefecture": prefecture,
            "terms": Terms.objects.in_force(TermsKind.MUNICIPALITY),
            "again_url": reverse("tenants:participation_request"),
        },
    )


@require_safe
def participation_received(request: HttpRequest) -> HttpResponse:
    """Says what happens next."""
    return render(request, "tenants/participation_received.html")


@require_safe
def participation_terms(request: HttpRequest) -> HttpResponse:
    """The terms a municipality agrees to, to read and to print."""
    return render(
        request,
        "tenants/terms.html",
        {"terms": Terms.objects.in_force(TermsKind.MUNICIPALITY)},
    )
