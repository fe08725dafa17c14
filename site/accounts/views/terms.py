"""The texts a resident agrees to, to read at any time."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tenants.models import Terms


@require_safe
def terms(request: HttpRequest, kind: str) -> HttpResponse:
    """The version of one text that is in force."""
    try:
        text = Terms.objects.in_force(kind)
    except Terms.DoesNotExist:
        raise Http404 from None
    return _shown(request, text)


@require_safe
def terms_version(request: HttpRequest, kind: str, version: str) -> HttpResponse:
    """One version of one text: as somebody agreed to it, or as it will be from a day on."""
    return _shown(request, get_object_or_404(Terms, kind=kind, version=version))


def _shown(request: HttpRequest, text: Terms) -> HttpResponse:
    heading, _newline, body = text.body.partition("\n")
    return render(
        request, "accounts/terms.html", {"text": text, "heading": heading, "body": body.strip()}
    )
