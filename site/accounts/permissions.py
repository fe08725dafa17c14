"""Who may see a page for residents."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts.queries import resident_for
from accounts.registry import asked_first
from tenants.enums import HostKind

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def resident_required(view: View[P]) -> View[P]:
    """Lets a signed-in resident in; sends everybody else where they become one, and back.

    On the portal: not signed in, to the sign-in page; signed in without a profile, to the
    profile page. On a municipality's host: to the hand-off, which asks the portal for both.
    Inside the view `request.resident` is the `Resident` itself. The page is never cached. Apps
    above may lead somewhere else first (`accounts.registry.visit_gate`).
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        resident = resident_for(request)
        if resident is None:
            return _send_away(request)
        request.resident = resident  # type: ignore[attr-defined]
        if elsewhere := asked_first(request):
            return HttpResponseRedirect(elsewhere)
        return view(request, *args, **kwargs)

    return guarded


def _send_away(request: HttpRequest) -> HttpResponse:
    if request.host_kind == HostKind.MUNICIPALITY:  # type: ignore[attr-defined]
        where = "accounts:enter"
    elif request.user.is_authenticated:
        where = "accounts:profile"
    else:
        where = "account_login"
    query = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse(where)}?{query}")
