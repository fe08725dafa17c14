"""Verifying one's identity, on the portal."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Resident
from accounts.queries import resident_for
from accounts.rules.return_path import safe_path
from common.refusal import Refused
from identity.enums import Waiting
from identity.methods import digital_auth_app
from identity.operations import attempts
from identity.operations.attempts import Back, Outcome
from identity.operations.merge import merge_accounts, offer_for
from identity.queries import newest_proof_of
from identity.views.particulars import particulars_of
from identity.views.sentences import UNAVAILABLE, merge_said, said
from tenants.hosts import portal_url

_RETRY_SECONDS = "300"


def redirect_uri() -> str:
    """The one address that is registered with the provider, whatever the language."""
    with translation.override(settings.LANGUAGE_CODE):
        return portal_url(reverse("identity:callback"))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """What it is for, what one needs, what is kept; then to the provider."""
    path = safe_path(request.GET.get("next")) or ""
    resident = resident_for(request)
    if request.method == "POST":
        back = Back(path, translation.get_language() or "")
        try:
            url = attempts.begin(
                request.user,  # type: ignore[arg-type]
                resident,
                str(request.session.session_key),
                redirect_uri(),
                back,
            )
        except Refused as refusal:
            return _refused(request, refusal, back)
        return redirect(url)
    return _leading_to_the_provider(request, path, resident)


def _leading_to_the_provider(
    request: HttpRequest, path: str, resident: Resident | None
) -> HttpResponse:
    proof = newest_proof_of(resident.pk) if resident else None
    proved = proof.proved if proof else None
    context = {
        "verification": proof if proof and proof.holds else None,
        "earlier": proof if proof and not proof.holds else None,
        "particulars": particulars_of(proved, resident) if proved and resident else [],
        "is_offered": digital_auth_app.is_offered,
        "next_path": path,
    }

    def show(request: HttpRequest) -> HttpResponse:
        return render(request, "identity/verify.html", context)

    if not digital_auth_app.is_offered:
        return show(request)
    # A browser asks this rule too where the form's answer leads on.
    leading_on = csp_update({"form-action": [digital_auth_app.origin]})(show)
    return cast(HttpResponse, leading_on(request))


@never_cache
@sensitive_variables()
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser back to."""
    back = Back()
    try:
        if not request.user.is_authenticated:
            raise Refused("attempt_unknown")
        kept = attempts.spend(
            request.user, str(request.session.session_key), request.GET.get("state", "")
        )
        back = kept[0]
        _speak(request, back.language)
        _ask_for_errors(request)
        outcome = attempts.come_back(
            request.user,
            resident_for(request),
            kept,
            request.GET.get("code", ""),
            redirect_uri(),
        )
    except Refused as refusal:
        return _refused(request, refusal, back)
    return _on_from(request, outcome)


def _speak(request: HttpRequest, language: str) -> None:
    """The language that was spoken when somebody set out."""
    if language:
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]


def _ask_for_errors(request: HttpRequest) -> None:
    """Raises `Refused` where the provider brings no code."""
    error = request.GET.get("error", "")
    if error == "access_denied":
        raise Refused("cancelled")
    if error in {"temporarily_unavailable", "server_error"}:
        raise Refused("provider_unavailable", reason=error)
    # RFC 9207: an answer of another provider.
    issuer = request.GET.get("iss", "")
    if error or not request.GET.get("code") or (issuer and issuer != settings.IDENTITY_ISSUER):
        raise Refused("proof_refused", reason="answer")


def _on_from(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    query = f"?{urlencode({'next': outcome.back.next_path})}" if outcome.back.next_path else ""
    if outcome.waits_for == Waiting.MERGE:
        return redirect(reverse("identity:merge") + query)
    if outcome.waits_for == Waiting.PROFILE:
        messages.success(request, _("The card was read. Please complete your particulars."))
        return redirect(reverse("accounts:profile") + query)
    messages.success(request, _("Your identity is verified."))
    return redirect(reverse("identity:verify") + query)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """This card already belongs to another account: make them one, or leave it."""
    resident = resident_for(request)
    path = safe_path(request.GET.get("next")) or ""
    sentence = ""
    if request.method == "POST" and resident is not None:
        try:
            merge_accounts(resident)
        except Refused as refusal:
            sentence = merge_said(refusal)
        else:
            messages.success(request, _("The two accounts are one, and your identity is verified."))
            query = f"?{urlencode({'next': path})}" if path else ""
            return redirect(reverse("identity:verify") + query)
    offer = offer_for(request.user, resident)  # type: ignore[arg-type]
    if offer is None and not sentence:
        return redirect("identity:verify")
    context = {"offer": offer, "sentence": sentence, "next_path": path}
    status = 409 if sentence else 200
    return render(request, "identity/merge.html", context, status=status)


def _refused(request: HttpRequest, refusal: Refused, back: Back) -> HttpResponse:
    answer = said(refusal)
    context = {"said": answer, "next_path": back.next_path}
    response = render(request, "identity/refused.html", context, status=answer.status)
    if answer.status == UNAVAILABLE:
        response["Retry-After"] = _RETRY_SECONDS
    return response
