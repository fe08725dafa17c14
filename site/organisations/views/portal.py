"""On the portal: entering an organisation, asking municipalities, taking up an invitation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import resident_required
from common import clock
from common.refusal import Refused
from organisations.forms import OrganisationForm, StandingForm
from organisations.operations.people import accept_invitation, open_invitation
from organisations.operations.sign_up import ask_for_standing, sign_up_organisation
from organisations.queries import membership_of, memberships_of, requests_of, standings_of
from organisations.views.sentences import sentence_for
from tenants.models import Municipality


@resident_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The organisations a resident acts for: where they are recognised, what they asked."""
    members = list(memberships_of(request.resident.user_id))  # type: ignore[attr-defined]
    numbers = [member.organisation_id for member in members]
    standings = list(standings_of(numbers, clock.today()))
    requests = list(requests_of(numbers))
    cards = [
        {
            "member": member,
            "standings": [s for s in standings if s.organisation_id == member.organisation_id],
            "requests": [r for r in requests if r.organisation_id == member.organisation_id],
        }
        for member in members
    ]
    return render(request, "organisations/mine.html", {"cards": cards})


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Enter an organisation; then ask a municipality."""
    resident = request.resident  # type: ignore[attr-defined]
    form = OrganisationForm(
        request.POST if request.method == "POST" else None,
        initial={"contact_name": resident.name, "contact_email": resident.user.email},
    )
    if request.method == "POST" and form.is_valid():
        try:
            organisation = sign_up_organisation(resident, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            return redirect("organisations:ask", organisation.pk)
    return render(
        request, "organisations/new.html", {"form": form}, status=400 if form.errors else 200
    )


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """A manager asks a municipality to recognise the organisation."""
    user = request.resident.user  # type: ignore[attr-defined]
    member = membership_of(user.pk, organisation_id)
    if member is None or not member.is_manager:
        raise Http404
    known = {one.municipality_id for one in standings_of([organisation_id], clock.today())} | {
        one.municipality_id for one in requests_of([organisation_id]) if not one.outcome
    }
    form = StandingForm(
        request.POST if request.method == "POST" else None,
        municipalities=Municipality.objects.published().exclude(pk__in=known),
    )
    if request.method == "POST" and form.is_valid():
        place = form.cleaned_data["municipality"]
        try:
            ask_for_standing(member.organisation, place, user, form.cleaned_data["plan"])
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            messages.success(
                request,
                _("We have told %(place)s. You get a mail once it has decided.")
                % {"place": place.full_name},
            )
            return redirect("organisations:mine")
    return render(
        request,
        "organisations/ask.html",
        {"form": form, "member": member},
        status=400 if form.errors else 200,
    )


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the mail opens, once one is signed in."""
    try:
        found = open_invitation(token)
        if request.method == "POST":
            accept_invitation(token, request.resident)  # type: ignore[attr-defined]
            messages.success(request, _("You act for the organisation now."))
            return redirect("organisations:mine")
    except Refused:
        return render(request, "organisations/invitation_invalid.html", status=404)
    return render(request, "organisations/invitation.html", {"invitation": found})
