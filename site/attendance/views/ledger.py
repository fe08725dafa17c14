"""The ledger's seals for everybody, and a participant's objection to a record."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import resident_required
from attendance.forms.amending import ObjectionForm
from attendance.operations.ledger.objecting import object_to
from attendance.queries import (
    daily_seals,
    history_of,
    open_objection_to,
    published_seals,
    seal_keys,
)


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The last seal of each day, and how to check it."""
    keys = {kid: key.hex() for kid, key in seal_keys().items()}
    return render(request, "attendance/ledger.html", {"seals": daily_seals(), "keys": keys})


@require_safe
def ledger_json(request: HttpRequest) -> HttpResponse:
    """The same for machines; keep it, and `verify_ledger --published` compares with it."""
    keys = {str(kid): key.hex() for kid, key in seal_keys().items()}
    return JsonResponse({"algorithm": "Ed25519", "keys": keys, "seals": published_seals()})


@never_cache
@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what is not right about one record of one's own, or about its voiding."""
    resident = request.resident  # type: ignore[attr-defined]
    record = next((row for row in history_of(resident) if row.pk == pk), None)
    if record is None:
        raise Http404
    form = ObjectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        object_to(resident, record, form.cleaned_data["text"])
        messages.success(request, _("Your objection has been sent to the municipality."))
        return redirect("portal:history")
    return render(
        request,
        "attendance/objection.html",
        {"record": record, "form": form, "waiting": open_objection_to(record)},
    )
