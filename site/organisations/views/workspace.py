"""The workspace of an organisation on a municipality's host: the first page, and its people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import resident_required
from common.refusal import Refused
from organisations.enums import MemberRole
from organisations.forms import InvitationForm
from organisations.operations.people import invite_member, remove_member, take_back_invitation
from organisations.permissions import for_members
from organisations.queries import members_of, open_invitations_of, workspaces_of
from organisations.registry import workspace_sections
from organisations.views.sentences import sentence_for


@resident_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Of whoever acts for one organisation here, its workspace; else the choice."""
    members = workspaces_of(
        request.resident.user_id,  # type: ignore[attr-defined]
        request.municipality,  # type: ignore[attr-defined]
    )
    if len(members) == 1:
        return redirect("organisations:home", members[0].organisation_id)
    return render(request, "organisations/choose.html", {"members": members})


@for_members
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the organisation does here."""
    return render(
        request,
        "organisations/home.html",
        {"membership": _membership(request), "sections": workspace_sections(request)},
    )


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Who acts for the organisation; a manager asks one more in."""
    membership = _membership(request)
    organisation = membership.organisation
    form = None
    if membership.is_manager:
        form = InvitationForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                invite_member(
                    organisation,
                    form.cleaned_data["email"],
                    MemberRole(form.cleaned_data["role"]),
                    request.resident.user,  # type: ignore[attr-defined]
                )
            except Refused as refusal:
                form.add_error(None, sentence_for(refusal))
            else:
                messages.success(request, _("The invitation is on its way."))
                return redirect(request.path)
    return render(
        request,
        "organisations/people.html",
        {
            "membership": membership,
            "members": members_of(organisation),
            "invitations": open_invitations_of(organisation) if form else [],
            "form": form,
        },
        status=400 if form and form.errors else 200,
    )


@for_members
@require_POST
def remove(request: HttpRequest, member_id: int) -> HttpResponse:
    """A manager puts somebody out; everybody can leave."""
    membership = _membership(request)
    is_own = member_id == membership.pk
    if is_own or membership.is_manager:
        try:
            remove_member(member_id, membership.organisation, request.resident.user)  # type: ignore[attr-defined]
        except Refused as refusal:
            messages.error(request, sentence_for(refusal))
        else:
            messages.success(request, _("Done. This person no longer acts for the organisation."))
            if is_own:
                return redirect("organisations:choose")
    return redirect("organisations:people", membership.organisation_id)


@for_members(managers=True)
@require_POST
def take_back(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """A manager takes an invitation back."""
    membership = _membership(request)
    take_back_invitation(invitation_id, membership.organisation)
    messages.success(request, _("The invitation is taken back. Its link no longer works."))
    return redirect("organisations:people", membership.organisation_id)


def _membership(request: HttpRequest) -> Any:
    return request.membership  # type: ignore[attr-defined]
