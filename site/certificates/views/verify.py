"""The public page behind a certificate's QR code."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.enums import CertificateKind
from certificates.operations.render import premium_until, total_hours
from certificates.queries import certificate_by_code
from registration.queries import parameters_on
from tenants.rules.networks import client_address

# Codes have 120 bits, so guessing is hopeless; this keeps it from being a load as well.
GUESSES = 30
GUESS_SECONDS = 600


@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Valid, replaced, ended, revoked, emptied or not known; what, and for whom in short."""
    # Behind a proxy REMOTE_ADDR is everybody's.
    address = client_address(
        request.META["REMOTE_ADDR"],
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.TRUSTED_PROXIES,
    )
    key = f"certificate-guesses:{address}"
    if cache.get(key, 0) >= GUESSES:
        return _page(request, "429.html", {}, 429)
    certificate = certificate_by_code(code)
    if certificate is None:
        cache.add(key, 0, GUESS_SECONDS)
        cache.incr(key)
        return _page(request, "certificates/unknown.html", {}, 404)
    if certificate.is_erased:
        return _page(request, "certificates/erased.html", {"certificate": certificate}, 200)
    context = {"certificate": certificate, "says": certificate.payload}
    if certificate.kind == CertificateKind.REGISTRATION:
        language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
        context["premium_until"] = premium_until(certificate)
        context["kind_name"] = parameters_on().name_of(certificate.payload["kind"], language)
    else:
        context["count"] = len(certificate.payload["rows"])
        context["hours"] = total_hours(certificate)
    return _page(request, "certificates/verify.html", context, 200)


def _page(
    request: HttpRequest, template: str, context: dict[str, object], status: int
) -> HttpResponse:
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
