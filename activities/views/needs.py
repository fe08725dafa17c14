"""Telling a need on the municipality's host, seeing what becomes of it, withdrawing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import resident_required
from activities.forms.needs import NeedForm
from activities.models import Need
from activities.operations.needs import tell_need, withdraw_need
from activities.rules.needs import FORGET_AFTER_DAYS
from activities.views.need_sentences import sentence_for
from common.refusal import Refused
from identity.queries import may_disclose


@resident_required
@require_http_methods(["GET", "HEAD"])
def own_needs(request: HttpRequest) -> HttpResponse:
    """What the resident has told this municipality, and where each stands."""
    needs = Need.objects.told_by(request.resident.pk)  # type: ignore[attr-defined]
    return render(request, "activities/needs/own.html", {"needs": needs})


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_need(request: HttpRequest) -> HttpResponse:
    """The form; sent, it is kept and shown among the resident's own."""
    resident = request.resident  # type: ignore[attr-defined]
    email = resident.user.email or ""
    form = NeedForm(
        request.POST if request.method == "POST" else None,
        email=email,
        initial={"contact_name": resident.name, "contact_phone": resident.phone},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            tell_need(form.values | {"contact_email": email}, form.key, resident=resident)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
            if refusal.code == "already_sent":
                form.renew_key()
            status = 409
        else:
            messages.success(
                request, _("We have received it. A coordinator tells you what becomes of it.")
            )
            return redirect("activities:needs")
    return render(
        request,
        "activities/needs/new.html",
        {
            "form": form,
            "needs_guardian": not may_disclose(resident),
            "kept_days": FORGET_AFTER_DAYS,
        },
        status=status,
    )


@resident_required
@require_POST
def withdraw(request: HttpRequest, need_id: int) -> HttpResponse:
    """Take back one of the resident's own."""
    own = Need.objects.told_by(request.resident.pk)  # type: ignore[attr-defined]
    say_withdrawn(request, get_object_or_404(own, pk=need_id))
    return redirect("activities:needs")


def say_withdrawn(request: HttpRequest, need: Need) -> None:
    """Withdraw it, and say so or why not."""
    try:
        withdraw_need(need)
        messages.success(request, _("It is withdrawn. The municipality is told."))
    except Refused as refusal:
        messages.error(request, sentence_for(refusal))
