"""The operator's host: municipalities, and leading them through their life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.refusal import Refused
from tenants.enums import MunicipalityStatus
from tenants.forms.networks import NetworkRangeForm
from tenants.forms.operator import ScheduleForm, StepForm
from tenants.hosts import admin_url, site_url
from tenants.models import Municipality
from tenants.operations import life
from tenants.operations.networks import Elsewhere, add_range, remove_range
from tenants.queries import (
    granted_request,
    history_of,
    municipalities_with_status,
    municipality_counts,
    network_ranges_of,
)
from tenants.rules.life import Step, possible_steps
from tenants.views.confirm import recently_confirmed
from tenants.views.operator import PER_PAGE, operator_required
from tenants.views.sentences import sentence_for


@dataclass(frozen=True)
class StepWords:
    """What a step is called, what it means, and whether it needs a reason."""

    take: Callable[..., Municipality]
    button: Any
    explanation: Any
    done: Any
    is_grave: bool = False


STEPS = {
    Step.PUBLISH: StepWords(
        life.publish,
        gettext_lazy("Publish now"),
        gettext_lazy(
            "Residents then see the site, find the municipality on the portal and can register."
        ),
        gettext_lazy("The municipality is published."),
    ),
    Step.SUSPEND: StepWords(
        life.suspend,
        gettext_lazy("Suspend"),
        gettext_lazy(
            "The site then says that it is suspended, the portal no longer lists the "
            "municipality, and nobody can register. Staff can still enter the admin site."
        ),
        gettext_lazy("The municipality is suspended."),
        is_grave=True,
    ),
    Step.RESUME: StepWords(
        life.resume,
        gettext_lazy("Resume"),
        gettext_lazy("The site and the entries on the portal are then as they were before."),
        gettext_lazy("The municipality is published again."),
    ),
    Step.CLOSE: StepWords(
        life.close,
        gettext_lazy("Close for good"),
        gettext_lazy(
            "This cannot be undone. The site says that it has closed, the admin site no longer "
            "exists, and registrations stay as history."
        ),
        gettext_lazy("The municipality is closed."),
        is_grave=True,
    ),
}


@require_safe
@operator_required
def municipalities(request: HttpRequest) -> HttpResponse:
    """All municipalities, filtered by status."""
    status = request.GET.get("status", "")
    if status not in MunicipalityStatus.values:
        status = ""
    counts = municipality_counts()
    page = Paginator(municipalities_with_status(status), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "tenants/operator/municipalities.html",
        {
            "page": page,
            "status": status,
            "total": sum(counts.values()),
            "filters": [
                (value, label, counts[value]) for value, label in MunicipalityStatus.choices
            ],
        },
    )


@require_safe
@operator_required
def municipality(request: HttpRequest, code: str) -> HttpResponse:
    """One municipality: status and history, addresses, terms, fee, networks, what can be done."""
    return _detail(request, _place(code), NetworkRangeForm())


def _detail(request: HttpRequest, place: Municipality, form: NetworkRangeForm) -> HttpResponse:
    steps = possible_steps(place.status)
    return render(
        request,
        "tenants/operator/municipality.html",
        {
            "place": place,
            "admin_url": admin_url(place),
            "site_urls": [site_url(domain.domain) for domain in place.domains.order_by("pk")],  # type: ignore[attr-defined]
            "granted": granted_request(place),
            "history": history_of(place),
            "ranges": network_ranges_of(place),
            "form": form,
            "may_schedule": Step.SCHEDULE in steps,
            "steps": [(step, STEPS[step]) for step in steps if step in STEPS],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def take_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """Says what a step means and asks for the reason; then takes it."""
    place = _place(code)
    words = STEPS.get(step)  # type: ignore[call-overload]  # a Step is its text
    if words is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = StepForm(data, reason_required=words.is_grave)
    if request.method == "POST" and form.is_valid():
        try:
            words.take(code, request.user, form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, sentence_for(refusal))
        else:
            messages.success(request, words.done)
        return redirect("tenants_operator:municipality", code)
    return render(
        request, "tenants/operator/step.html", {"form": form, "place": place, "words": words}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def schedule(request: HttpRequest, code: str) -> HttpResponse:
    """Asks for the time of publication, or takes it back."""
    place = _place(code)
    if request.method == "POST" and "cancel" in request.POST:
        life.cancel_publication(code, request.user)
        messages.success(request, _("The time of publication has been taken back."))
        return redirect("tenants_operator:municipality", code)
    form = ScheduleForm(request.POST or None, initial={"publish_at": place.publish_at})
    if request.method == "POST" and form.is_valid():
        try:
            life.schedule_publication(code, request.user, form.cleaned_data["publish_at"])
        except Refused as refusal:
            form.add_error("publish_at", sentence_for(refusal))
        else:
            messages.success(request, _("The time of publication is set."))
            return redirect("tenants_operator:municipality", code)
    return render(request, "tenants/operator/schedule.html", {"form": form, "place": place})


@require_POST
@operator_required
@recently_confirmed()
def add_network(request: HttpRequest, code: str) -> HttpResponse:
    """Let a municipality's staff in from one more range."""
    place = _place(code)
    form = NetworkRangeForm(request.POST)
    if form.is_valid():
        try:
            add_range(
                place,
                form.cleaned_data["cidr"],
                form.cleaned_data["label"],
                request.user,
                within=Elsewhere.OPERATOR,
            )
        except Refused as refusal:
            form.add_error("cidr", sentence_for(refusal))
        else:
            messages.success(request, _("The network range has been added."))
            return redirect("tenants_operator:municipality", code)
    return _detail(request, place, form)


@require_POST
@operator_required
@recently_confirmed()
def remove_network(request: HttpRequest, code: str, range_id: str) -> HttpResponse:
    """Take a range away, also for staff who cannot enter any more."""
    remove_range(_place(code), int(range_id), request.user, within=Elsewhere.OPERATOR)
    messages.success(request, _("The network range has been removed."))
    return redirect("tenants_operator:municipality", code)


def _place(code: str) -> Municipality:
    place: Municipality = get_object_or_404(Municipality, pk=code)
    return place
