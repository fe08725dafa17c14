"""A decision on paper, and applying for somebody at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.enums import Channel
from common.refusal import Refused
from common.text import written_postal_code
from privacy.enums import Particular, StaffPurpose
from privacy.operations.access import record_at_work
from registration.enums import ApplicationStatus
from registration.forms.review import OnBehalfForm
from registration.models import PremiumApplication, PremiumStanding, Registration
from registration.operations import premium
from registration.operations.register import OnBehalf
from registration.permissions import DECIDE
from registration.views.reasons import sentences
from registration.views.staff_premium import (
    application_or_404,
    premium_name,
    read_decision,
)
from registration.views.staff_refusals import sentence_for
from registration.views.staff_registrants import permitted, place_of_request

DECIDED = (ApplicationStatus.GRANTED, ApplicationStatus.REFUSED)


@require_safe
@permitted(DECIDE)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided and why, to print for somebody without e-mail; a recorded look."""
    row = application_or_404(request, pk)
    if row.status not in DECIDED:
        raise Http404
    registration = row.registration
    record_at_work(
        place_of_request(request),
        registration.resident_id,
        request.user,
        StaffPurpose.PREMIUM,
        [Particular.NAME, Particular.POSTAL_CODE, Particular.ADDRESS],
    )
    _facts, decision = read_decision(row)
    granted, called = row.status == ApplicationStatus.GRANTED, premium_name()
    standing = (
        PremiumStanding.objects.filter(registration=registration, decision=row.decision).first()
        if granted
        else None
    )
    context = {
        "page_title": _("Letter about the decision"),
        "application": row,
        "registration": registration,
        "place": place_of_request(request),
        "postal_code": written_postal_code(registration.postal_code),
        "premium": called,
        "granted": granted,
        "standing": standing,
        "sentences": sentences(decision, called),
        "decided_at": row.decided_at,
    }
    return render(request, "registration/admin/letter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(DECIDE)
def on_behalf(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply for a registrant who has asked for it at the counter, by telephone or by letter."""
    place = place_of_request(request)
    found = get_object_or_404(
        Registration.objects.filter(municipality=place).select_related(
            "municipality__local_government"
        ),
        pk=pk,
    )
    record_at_work(
        place,
        found.resident_id,
        request.user,
        StaffPurpose.PREMIUM,
        [Particular.NAME, Particular.NUMBER, Particular.RESIDENCE],
    )
    form = OnBehalfForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        by = OnBehalf(request.user.pk, Channel(form.cleaned_data["channel"]))  # type: ignore[arg-type]
        try:
            made = premium.apply(found, by)
        except Refused as refusal:
            messages.error(request, sentence_for(refusal))
            kept = refusal.data.get("application")
            if isinstance(kept, PremiumApplication):
                return redirect("registration_premium_application", kept.pk)
        else:
            messages.success(request, _("The application has been entered."))
            return redirect("registration_premium_application", made.pk)
    return render(
        request,
        "registration/admin/on_behalf.html",
        {
            "page_title": _("Apply for %s registration on behalf") % premium_name(),
            "header_icon": "form",
            "registration": found,
            "form": form,
        },
    )
