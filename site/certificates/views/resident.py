"""A resident's own certificates, on the portal."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import resident_required
from attendance.queries import participations_of
from certificates.enums import CertificateKind, Layout
from certificates.models import Certificate
from certificates.operations.issue import issue_activity_certificate
from certificates.operations.render import file_of, premium_until, unprintable, verify_url
from certificates.queries import certificates_of, registration_certificate_of
from common.qr import qr_svg
from common.refusal import Refused
from common.templatetags.wareki import jdate
from registration.queries import parameters_on
from tenants.models import Municipality


@resident_required
@require_http_methods(["GET", "POST"])
def certificates(request: HttpRequest) -> HttpResponse:
    """All certificates; POST makes an activity certificate of what stands in the ledger."""
    resident = request.resident  # type: ignore[attr-defined]
    if request.method == "POST":
        code = request.POST.get("municipality", "")
        municipality = get_object_or_404(Municipality, pk=code) if code else None
        try:
            issue_activity_certificate(resident, municipality)
        except Refused:
            messages.error(request, _("There is no participation to certify yet."))
        else:
            messages.success(request, _("The certificate is ready below."))
        return redirect("certificates:list")
    places = {record.municipality_id: record.municipality for record in participations_of(resident)}
    return render(
        request,
        "certificates/list.html",
        {
            "certificates": list(certificates_of(resident)),
            "places": sorted(places.values(), key=lambda place: place.code),
        },
    )


@resident_required
@require_safe
def registration_certificate(request: HttpRequest, code: str) -> HttpResponse:
    """The registration certificate as it is shown on the phone."""
    certificate = registration_certificate_of(request.resident, code)  # type: ignore[attr-defined]
    if certificate is None:
        raise Http404
    return render(
        request,
        "certificates/registration.html",
        {
            "certificate": certificate,
            "registered_on": jdate(date.fromisoformat(certificate.payload["registered_on"])),
            "kind_name": parameters_on().name_of(
                certificate.payload["kind"],
                request.LANGUAGE_CODE,  # type: ignore[attr-defined]
            ),
            "premium_until": premium_until(certificate),
            "qr": qr_svg(verify_url(certificate), "M", label=_("QR code to check this")),
        },
    )


@resident_required
@require_safe
def download(request: HttpRequest, code: str, layout: str) -> HttpResponse:
    """The PDF; a page that waits for the worker where it is not made yet."""
    certificate = get_object_or_404(
        Certificate.objects.select_related("municipality"),
        code=code,
        resident=request.resident,  # type: ignore[attr-defined]
    )
    if layout not in Layout.values or (
        layout == Layout.CARD and certificate.kind != CertificateKind.REGISTRATION
    ):
        raise Http404
    if missing := unprintable(certificate):
        return render(
            request, "certificates/unprintable.html", {"letters": " ".join(missing)}, status=422
        )
    content = file_of(certificate, Layout(layout))
    if content is None:
        return render(request, "certificates/preparing.html", status=202)
    return pdf_response(content, f"{certificate.get_kind_display()}_{certificate.number}.pdf")


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to download; the name may be Japanese (RFC 6266, RFC 8187)."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = (
        f"attachment; filename=\"certificate.pdf\"; filename*=UTF-8''{quote(name)}"
    )
    response["Cache-Control"] = "no-store"
    return response
