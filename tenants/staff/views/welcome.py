"""Taking up an invitation, on the municipality's admin host."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.refusal import Refused
from tenants.staff.forms import WelcomeForm
from tenants.staff.operations import accept_invitation, open_invitation


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Name and password, then straight into the admin."""
    try:
        invitation = open_invitation(token)
    except Refused:
        return render(request, "staff/invitation_invalid.html", status=404)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = accept_invitation(token, **form.cleaned_data)
        except Refused:
            form.add_error("password", _("This password does not belong to your account."))
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return redirect("wagtailadmin_home")
    return render(
        request,
        "staff/welcome.html",
        {"form": form, "invitation": invitation, "municipality": request.municipality},  # type: ignore[attr-defined]
    )
