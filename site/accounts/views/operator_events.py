"""The operator's host: what happened around signing in, anywhere."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.forms.events import EventFilterForm
from accounts.models import SecurityEvent
from accounts.queries import events_on
from tenants.views.operator import PER_PAGE, operator_required

# `detail` holds codes of closed lists alone; `way` has words of its own.
_DETAILS = {
    "network": _("Network (hashed)"),
    "reason": _("Reason"),
    "device": _("Device"),
    "number": _("How many"),
    "left": _("Codes left"),
    "format": _("Format"),
}


@require_safe
@operator_required
def events(request: HttpRequest) -> HttpResponse:
    """A day's events, or an account's, newest first. Accounts are numbers: no name, no address."""
    form = EventFilterForm(request.GET)
    found = events_on(**form.cleaned_data) if form.is_valid() else SecurityEvent.objects.none()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "accounts/operator/events.html",
        {
            "form": form,
            "day": form.cleaned_data.get("day"),
            "page": page,
            "rows": [(event, _details(event)) for event in page],
        },
    )


def _details(event: SecurityEvent) -> list[tuple[str, str]]:
    return [
        (str(name), str(event.detail[key])) for key, name in _DETAILS.items() if key in event.detail
    ]
