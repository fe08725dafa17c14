"""The card at the counter, on the municipality's admin host."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages

from common.refusal import Refused
from common.text import normalise_name
from identity.forms import LookForm
from identity.operations import counter
from identity.permissions import CHECK_CARDS
from identity.queries import checks_of, open_checks_of
from identity.registry import directory
from identity.views.sentences import counter_said
from privacy.enums import Particular
from privacy.operations.access import record_at_counter

LATEST = 50
# What these pages show of a resident, and what the resident reads was shown.
SHOWN = (Particular.NAME, Particular.BIRTH_DATE, Particular.ADDRESS)


@never_cache
@permission_required(CHECK_CARDS, raise_exception=True)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Find somebody who is at the counter; what waits for a second look; what was decided."""
    municipality = request.municipality  # type: ignore[attr-defined]
    words = normalise_name(request.GET.get("word", ""))[:60]
    found = directory().search(municipality, words) if words else []
    return render(
        request,
        "identity/admin/overview.html",
        {
            "word": words,
            "found": found,
            "waiting": open_checks_of(municipality)[:LATEST],
            "decided": checks_of(municipality).exclude(decided_at=None)[:LATEST],
        },
    )


@never_cache
@sensitive_post_parameters()
@permission_required(CHECK_CARDS, raise_exception=True)
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The first look. Whoever is not registered here is not found."""
    municipality = request.municipality  # type: ignore[attr-defined]
    registrant = directory().find(municipality, resident_id)
    if registrant is None:
        raise Http404
    record_at_counter(municipality, resident_id, request.user, SHOWN)
    initial = {
        "family_name": registrant.family_name,
        "given_name": registrant.given_name,
        "birth_date": registrant.birth_date,
        "address": registrant.address,
    }
    form = LookForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            counter.propose(municipality, resident_id, form.look, request.user)  # type: ignore[arg-type]
        except Refused as refusal:
            messages.error(request, counter_said(refusal))
        else:
            messages.success(request, _("Kept. A second member of staff has to confirm."))
            return redirect("identity_counter")
    return render(request, "identity/admin/look.html", {"registrant": registrant, "form": form})


@never_cache
@permission_required(CHECK_CARDS, raise_exception=True)
@require_http_methods(["GET", "POST"])
def second_look(request: HttpRequest, pk: int) -> HttpResponse:
    """The second look: another member of staff compares the card, and confirms or refuses."""
    municipality = request.municipality  # type: ignore[attr-defined]
    check = get_object_or_404(open_checks_of(municipality), pk=pk)
    if request.method == "POST":
        return _decided(request, check.pk)
    record_at_counter(municipality, check.resident_id, request.user, SHOWN)
    context = {
        "check": check,
        "seen": check.seen,
        "registrant": directory().find(municipality, check.resident_id),
        "is_own": check.proposed_by_id == request.user.pk,
    }
    return render(request, "identity/admin/second_look.html", context)


def _decided(request: HttpRequest, pk: int) -> HttpResponse:
    place: Any = request.municipality  # type: ignore[attr-defined]
    try:
        if "confirm" in request.POST:
            counter.confirm(pk, place, request.user)  # type: ignore[arg-type]
            messages.success(request, _("The identity is verified. The resident is told by mail."))
        else:
            counter.refuse(pk, place, request.user)  # type: ignore[arg-type]
            messages.success(request, _("The check has ended without a verification."))
    except Refused as refusal:
        messages.error(request, counter_said(refusal))
    return redirect("identity_counter")
