"""The resident's requests: make one, see how it stands."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import resident_required
from privacy.enums import CaseDecision, CaseKind
from privacy.forms.cases import PLATFORM, ResidentCaseForm
from privacy.models import Case, CaseTerm
from privacy.operations.cases import Asked, ask
from privacy.registry import link_to_data, municipalities_holding
from privacy.rules.cases import DAYS_BY_LAW


@resident_required
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """My requests, newest first, and the three kinds to begin with."""
    resident = request.resident  # type: ignore[attr-defined]
    return render(
        request,
        "privacy/requests.html",
        {
            "cases": Case.objects.of_resident(resident.pk).order_by("-created_at"),
            "days": DAYS_BY_LAW,
        },
    )


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: HttpRequest, kind: str) -> HttpResponse:
    """One request of one kind, to one of those who hold something about me."""
    if kind not in CaseKind.values:
        raise Http404
    resident = request.resident  # type: ignore[attr-defined]
    places = municipalities_holding(resident)
    form = ResidentCaseForm(
        request.POST if request.method == "POST" else None,
        kind=CaseKind(kind),
        places=places,
        initial={"place": request.GET.get("to", "")},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        place = {one.code: one for one in places}.get(data["place"])
        asked = Asked(data["key"], CaseKind(kind), data["subject"], data.get("wanted", ""))
        case = ask(resident, None if data["place"] == PLATFORM else place, asked)
        messages.success(
            request, _("Your request has been received. Its number is %s.") % case.number
        )
        return redirect("privacy:case", case.pk)
    return render(
        request,
        "privacy/request_new.html",
        {"form": form, "kind": CaseKind(kind), "resident": resident},
    )


@resident_required
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """How a request stands. Another person's is not found."""
    resident = request.resident  # type: ignore[attr-defined]
    found = get_object_or_404(Case.objects.of_resident(resident.pk), pk=pk)
    granted = found.decision in {CaseDecision.GRANTED, CaseDecision.PARTLY}
    disclosed = found.kind == CaseKind.DISCLOSURE and granted
    return render(
        request,
        "privacy/request.html",
        {
            "case": found,
            "events": found.events.filter(internal=False).defer("actor_name", "note"),
            "data_url": link_to_data(found) if disclosed else "",
            "days": CaseTerm.objects.days_at(found.municipality),
        },
    )
