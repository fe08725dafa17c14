"""`/my/earlier/`: participations from before the platform, on the portal (A11.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from accounts.views.attempts import network
from attendance.forms.earlier_claims import CodeForm, NameForm
from attendance.models import EarlierRecord
from attendance.operations.earlier.claims import claim_by_code, claim_by_name
from common.refusal import Refused
from privacy.registry import municipalities_holding

_MANY = 429


@resident_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def earlier(request: HttpRequest) -> HttpResponse:
    """Two forms on one page: a code from a letter, or what the list says of one."""
    resident = request.resident  # type: ignore[attr-defined]
    places = municipalities_holding(resident)
    by_code, by_name = CodeForm(prefix="code"), NameForm(places, prefix="name")
    status = 200
    if "by_code" in request.POST:
        by_code = CodeForm(request.POST, prefix="code")
        form: Any = by_code
    else:
        form = by_name = NameForm(places, request.POST or None, prefix="name")
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        here = network(request)
        status = _claim(
            request,
            form,
            (lambda: claim_by_code(resident, said["code"], here))
            if form is by_code
            else (
                lambda: claim_by_name(
                    resident,
                    said["municipality"],
                    said["name"],
                    said["birth_date"],
                    said["phone"],
                    here,
                )
            ),
        )
        if not form.errors:
            return redirect("attendance:earlier")
    mine = EarlierRecord.objects.filter(resident=resident).order_by("-starts_at")
    context = {"by_code": by_code, "by_name": by_name, "places": places, "mine": mine}
    return render(request, "attendance/earlier.html", context, status=status)


def _claim(request: HttpRequest, form: Any, claim: Callable[[], list[EarlierRecord]]) -> int:
    try:
        rows = claim()
    except Refused as refusal:
        form.add_error(None, _sentence(refusal))
        return _MANY if refusal.code == "too_many_attempts" else 200
    messages.success(
        request,
        ngettext(
            "%(number)s participation is recorded as yours.",
            "%(number)s participations are recorded as yours.",
            len(rows),
        )
        % {"number": len(rows)},
    )
    return 200


def _sentence(refusal: Refused) -> str:
    if refusal.code == "earlier_wrong":
        return _(
            "No earlier participation was found with this. Please check what you entered, or ask "
            "the municipality."
        )
    return _("There were too many attempts. Please wait an hour, or ask the municipality.")
