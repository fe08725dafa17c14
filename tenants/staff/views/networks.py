"""From where this municipality's admin can be reached, for its administrators (R2)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from common.refusal import Refused
from tenants.forms.networks import NetworkRangeForm
from tenants.operations.networks import add_range, remove_range
from tenants.queries import network_ranges_of
from tenants.staff.views.members import administrators_only
from tenants.views.confirm import recently_confirmed
from tenants.views.sentences import sentence_for


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@recently_confirmed("POST")
def networks(request: HttpRequest) -> HttpResponse:
    """The ranges and one's own address; the form adds a range."""
    form = NetworkRangeForm(request.POST or None)
    municipality = request.municipality  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            add_range(
                municipality,
                form.cleaned_data["cidr"],
                form.cleaned_data["label"],
                request.user,
                within=request.client_address,  # type: ignore[attr-defined]
            )
        except Refused as refusal:
            form.add_error("cidr", sentence_for(refusal))
        else:
            messages.success(request, _("The network range has been added."))
            return redirect("staff_networks")
    return render(
        request,
        "staff/networks.html",
        {
            "form": form,
            "page_title": _("Networks"),
            "header_icon": "globe",
            "ranges": network_ranges_of(municipality),
            "own_address": request.client_address,  # type: ignore[attr-defined]
        },
    )


@require_POST
@administrators_only
@recently_confirmed()
def remove(request: HttpRequest, range_id: int) -> HttpResponse:
    """Take a range away; another municipality's is not found."""
    if not network_ranges_of(request.municipality).filter(pk=range_id).exists():  # type: ignore[attr-defined]
        raise Http404
    try:
        remove_range(
            request.municipality,  # type: ignore[attr-defined]
            range_id,
            request.user,
            within=request.client_address,  # type: ignore[attr-defined]
        )
    except Refused as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("The network range has been removed."))
    return redirect("staff_networks")
