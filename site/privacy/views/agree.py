"""Newer versions of the terms and the privacy notice, before a resident goes on (R28)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from accounts.queries import account_of
from accounts.rules.return_path import safe_path
from privacy.forms.consents import NewVersionsForm
from privacy.models.consents import purpose_of
from privacy.operations.consents import Given, keep
from privacy.queries import running_consents, to_agree_to
from tenants.hosts import municipality_url
from tenants.models import Municipality


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest) -> HttpResponse:
    """What is new, a box for each text, and on to where they were going."""
    user = account_of(request)
    texts = to_agree_to(user)
    if not texts:
        return HttpResponseRedirect(_onwards(request))
    form = NewVersionsForm(request.POST if request.method == "POST" else None, texts)
    if form.is_valid():
        keep(user, [Given(text) for text in texts])
        messages.success(request, _("Thank you. Your agreement has been kept."))
        return HttpResponseRedirect(_onwards(request))
    before = {consent.purpose: consent.text for consent in running_consents(user)}
    return render(
        request,
        "privacy/agree.html",
        {"texts": [(text, before.get(purpose_of(text))) for text in texts], "form": form},
    )


def _onwards(request: HttpRequest) -> str:
    """A path of the portal, or of the municipality whose host sent them here; else my page.

    Only a path is taken from the address, and the host is looked up: nobody is led elsewhere.
    """
    path = safe_path(request.GET.get("next"))
    if path and "to" in request.GET:
        municipality = Municipality.objects.published().filter(pk=request.GET["to"][:6]).first()
        path = municipality_url(municipality, path) if municipality else None
    return path or reverse("portal:my_page")
