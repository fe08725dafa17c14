"""A guardian's consent on paper, in the municipality's admin."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.rules.ages import is_minor
from common import clock
from common.refusal import Refused
from identity.forms.guardians import FindForm, PaperForm
from identity.operations.counter_consents import record_at_counter, withdraw_at_counter
from identity.operations.guardians import text_in_force
from identity.queries import consents_of
from identity.registry import Registrant, directory
from identity.views.guardian_sentences import sentence_for
from tenants.hosts import portal_url

_MAY = "identity.add_guardianconsent"


@never_cache
@permission_required(_MAY, raise_exception=True)
@require_http_methods(["GET"])
def find(request: HttpRequest) -> HttpResponse:
    """Asks for the child's registration number and goes on to the child."""
    form = FindForm(request.GET if "number" in request.GET else None)
    if form.is_valid():
        number = form.cleaned_data["number"]
        found = directory().search(request.municipality, number)  # type: ignore[attr-defined]
        if child := next((one for one in found if one.number == number), None):
            return redirect("identity_guardians_child", child.resident_id)
        form.add_error("number", _("Nobody is registered here under this number."))
    return render(
        request,
        "identity/admin/find.html",
        {"form": form, "text_url": portal_url("/terms/guardian/")},
    )


@never_cache
@permission_required(_MAY, raise_exception=True)
@require_http_methods(["GET", "POST"])
def child_view(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The consents for one child; POST adds one from paper. Who is not registered here: 404."""
    child = _child(request, resident_id)
    form = PaperForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            record_at_counter(request.user, request.municipality, child, **form.cleaned_data)  # type: ignore[arg-type, attr-defined]
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            messages.success(request, _("The consent is recorded."))
            return redirect("identity_guardians_child", child.resident_id)
    consents = list(consents_of(child.resident_id))
    minor = is_minor(child.birth_date, clock.today())
    holding = next((one for one in consents if not one.is_over), None) if minor else None
    return render(
        request,
        "identity/admin/child.html",
        {
            "child": child,
            "is_minor": minor,
            "holding": holding,
            "consents": consents,
            "form": form,
            "text": text_in_force(),
            "text_url": portal_url("/terms/guardian/"),
        },
        status=400 if form.errors else 200,
    )


@never_cache
@permission_required(_MAY, raise_exception=True)
@require_POST
def withdraw(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The guardian has come to the counter: it is over."""
    child = _child(request, resident_id)
    withdraw_at_counter(request.user, request.municipality, child)  # type: ignore[arg-type, attr-defined]
    messages.success(request, _("The consent is withdrawn. It takes effect at once."))
    return redirect("identity_guardians_child", child.resident_id)


def _child(request: HttpRequest, resident_id: UUID) -> Registrant:
    child = directory().find(request.municipality, resident_id)  # type: ignore[attr-defined]
    if child is None:
        raise Http404
    return child
