"""Certificates and posters in the municipality's admin."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import CounterEntry
from accounts.operations.claim_codes import open_code_of, printable_code
from activities.queries import session_for_staff
from certificates.forms import RevokeForm
from certificates.operations.counter_sheet import sheet
from certificates.operations.poster import poster
from certificates.operations.revoke import revoke
from certificates.queries import certificates_issued_for
from certificates.rendering.glyphs import MissingGlyph
from privacy.operations.access import record_at_counter
from registration.views.counter import SHOWN

PER_PAGE = 50


@never_cache
@permission_required("certificates.view_certificate", raise_exception=True)
@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """Certificates that speak of this municipality."""
    rows = certificates_issued_for(request.municipality)  # type: ignore[attr-defined]
    word = request.GET.get("word", "").strip()
    if word:
        rows = rows.filter(payload__number__icontains=word) | rows.filter(
            payload__name__icontains=word
        )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "certificates/admin/list.html", {"page_obj": page, "word": word})


@never_cache
@permission_required("certificates.change_certificate", raise_exception=True)
@require_http_methods(["GET", "POST"])
def revoke_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke with a reason. Another municipality's certificate is not found."""
    certificate = get_object_or_404(
        certificates_issued_for(request.municipality),  # type: ignore[attr-defined]
        pk=pk,
    )
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoke(certificate, form.cleaned_data["reason"], request.user)
        messages.success(request, _("The certificate is revoked."))
        return redirect("certificates_list")
    return render(
        request, "certificates/admin/revoke.html", {"certificate": certificate, "form": form}
    )


@never_cache
@permission_required("accounts.view_counterentry", raise_exception=True)
@require_safe
def counter_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What was entered at the counter, with the code: for whoever issued it, for an hour."""
    entry = get_object_or_404(
        CounterEntry,
        pk=pk,
        municipality=request.municipality,  # type: ignore[attr-defined]
    )
    code = open_code_of(entry)
    printed = printable_code(code, request.user)  # type: ignore[arg-type]
    if code is None or not printed:
        messages.error(request, _("The code can't be shown any more. Please issue a new one."))
        return redirect("registration_counter_entry", pk=entry.pk)
    record_at_counter(entry.municipality, entry.resident_id, request.user, SHOWN)
    try:
        pdf = sheet(entry, printed, code.expires_at)
    except MissingGlyph as missing:
        messages.error(
            request,
            _("Our fonts do not have these letters: %(letters)s. Please print the page itself.")
            % {"letters": str(missing)},
        )
        return redirect("registration_counter_entry", pk=entry.pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="registration.pdf"'
    return response


@never_cache
@require_safe
def session_poster(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The poster with the session's check-in code, for who may edit the activity."""
    session = session_for_staff(session_uuid, request.user)
    if session is None or not session.has_poster:
        raise Http404
    response = HttpResponse(poster(session), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="poster.pdf"'
    return response
