"""Stays that residents told of, in the municipality's admin (R12)."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.refusal import Refused
from privacy.enums import Particular, StaffPurpose
from privacy.operations.access import record_at_work
from registration.enums import StayStatus
from registration.forms.review import StayRefusalForm
from registration.models import Stay
from registration.operations import premium
from registration.permissions import DECIDE
from registration.views.staff_refusals import sentence_for
from registration.views.staff_registrants import permitted, place_of_request

PER_PAGE = 50


@require_safe
@permitted(DECIDE)
def stays(request: HttpRequest) -> HttpResponse:
    """Those to be checked, the oldest first."""
    rows = (
        Stay.objects.filter(municipality=place_of_request(request), status=StayStatus.CLAIMED)
        .select_related("registration")
        .only(
            "first_day",
            "last_day",
            "evidence",
            "told_at",
            "registration__family_name",
            "registration__given_name",
            "registration__residence_name",
        )
        .order_by("told_at", "pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registration/admin/stays.html",
        {"page_title": _("Stays to be checked"), "header_icon": "date", "page": page},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(DECIDE)
def stay(request: HttpRequest, pk: int) -> HttpResponse:
    """One stay with what shows it; accept it, or refuse with a reason. A recorded look."""
    place = place_of_request(request)
    found = get_object_or_404(
        Stay.objects.filter(municipality=place).select_related("registration"), pk=pk
    )
    record_at_work(
        place,
        found.resident_id,
        request.user,
        StaffPurpose.PREMIUM,
        [Particular.NAME, Particular.NUMBER, Particular.RESIDENCE, Particular.STAYS],
    )
    is_refusal = "accept" not in request.POST
    form = StayRefusalForm(request.POST if is_refusal else None)
    if request.method == "POST" and (not is_refusal or form.is_valid()):
        try:
            if is_refusal:
                premium.refuse_stay(found, request.user, form.cleaned_data["reason"])  # type: ignore[arg-type]
            else:
                premium.accept_stay(found, request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, sentence_for(refusal))
        else:
            messages.success(request, _("This has been recorded. The resident is told by mail."))
        return redirect("registration_stays")
    return render(
        request,
        "registration/admin/stay.html",
        {
            "page_title": _("Stay of %s") % found.registration.name,
            "header_icon": "date",
            "stay": found,
            "registration": found.registration,
            "days": (found.last_day - found.first_day).days + 1,
            "is_claimed": found.status == StayStatus.CLAIMED,
            "form": form,
        },
    )
