"""The two hosts' ends of the hand-off (see `accounts.operations.handoff`)."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.operations.handoff import (
    CHAIN_KEY,
    hash_of,
    issue,
    new_browser_secret,
    new_chain,
    redeem,
)
from accounts.permissions import resident_required
from accounts.queries import resident_for
from accounts.rules.return_path import safe_path
from common.refusal import Refused
from tenants.hosts import municipality_url, portal_url
from tenants.models import Municipality

# Long enough to make an account on the portal, the mail with the code included.
BROWSER_SECRET_AGE = 60 * 60
_SECRET_LENGTH = 43


@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Municipality's host: mark the browser and send it to the portal."""
    path = safe_path(request.GET.get("next")) or "/"
    if resident_for(request):
        return HttpResponseRedirect(path)
    # One secret for all tabs of a browser: a second tab must not spoil the first one's way.
    secret = request.COOKIES.get(settings.HANDOFF_COOKIE_NAME, "")
    if len(secret) != _SECRET_LENGTH:
        secret = new_browser_secret()
    query = urlencode(
        {
            "to": request.municipality.code,  # type: ignore[attr-defined]
            "browser": hash_of(secret),
            "next": path,
        }
    )
    handoff_path = reverse("accounts:handoff", urlconf=settings.ROOT_URLCONF)
    response = HttpResponseRedirect(portal_url(f"{handoff_path}?{query}"))
    response.set_cookie(
        settings.HANDOFF_COOKIE_NAME,
        secret,
        max_age=BROWSER_SECRET_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@resident_required
@require_GET
def handoff(request: HttpRequest) -> HttpResponse:
    """Portal: a code for the municipality the browser came from."""
    municipality = get_object_or_404(
        Municipality.objects.published(), pk=request.GET.get("to", "")[:6]
    )
    chain = request.session.setdefault(CHAIN_KEY, new_chain())
    try:
        code = issue(
            request.user,  # type: ignore[arg-type]
            municipality,
            request.GET.get("browser", ""),
            request.GET.get("next", ""),
            chain,
        )
    except Refused:
        raise Http404 from None
    arrive_path = reverse("accounts:arrive", urlconf="config.urls_municipality")
    query = urlencode({"code": code})
    return HttpResponseRedirect(municipality_url(municipality, f"{arrive_path}?{query}"))


@never_cache
@require_GET
def arrive(request: HttpRequest) -> HttpResponse:
    """Municipality's host: spend the code and open a session here."""

    def sign_in(user: User, chain: str) -> str:
        # A new session key: nothing to fixate.
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        request.session[CHAIN_KEY] = chain
        return str(request.session.session_key)

    try:
        path = redeem(
            request.GET.get("code", ""),
            request.municipality,  # type: ignore[attr-defined]
            request.COOKIES.get(settings.HANDOFF_COOKIE_NAME, ""),
            sign_in,
        )
    except Refused as refusal:
        again = urlencode({"next": refusal.data["return_path"]})
        return render(
            request,
            "accounts/handoff_refused.html",
            {"again": f"{reverse('accounts:enter')}?{again}"},
            status=403,
        )
    return HttpResponseRedirect(path)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Municipality's host: sign out here; the portal's session stays."""
    logout(request)
    return HttpResponseRedirect(safe_path(request.POST.get("next")) or "/")
