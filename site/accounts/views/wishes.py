"""The second part of the profile: what a resident would like to do."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import WishesForm
from accounts.operations.profile import save_wishes
from accounts.permissions import resident_required


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Shows and keeps them; everything here may be skipped."""
    resident = request.resident  # type: ignore[attr-defined]
    form = WishesForm(request.POST if request.method == "POST" else None, instance=resident)
    if form.is_bound and form.is_valid():
        save_wishes(resident, **form.cleaned_data)
        messages.success(request, _("What you would like to do is saved."))
        return redirect("portal:my_page")
    return render(request, "accounts/wishes.html", {"form": form})
