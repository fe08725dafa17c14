"""Where an organisation needs hands: told in its workspace, what becomes of it, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from activities.forms.needs import OrganisationNeedForm
from activities.models import Need
from activities.operations.needs import tell_need
from activities.rules.needs import FORGET_AFTER_DAYS
from activities.views.need_sentences import sentence_for
from activities.views.needs import say_withdrawn
from common.refusal import Refused
from identity.queries import may_disclose
from organisations.permissions import for_members
from organisations.registry import WorkspaceSection, workspace_section


@workspace_section("needs")
def needs_section(request: HttpRequest) -> WorkspaceSection:
    """What the organisation has told this municipality, and where each stands; one query."""
    organisation = request.membership.organisation_id  # type: ignore[attr-defined]
    return WorkspaceSection(
        "activities/workspace/needs.html",
        {"organisation": organisation, "needs": Need.objects.of_organisation(organisation)},
    )


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def new_need_of_organisation(request: HttpRequest) -> HttpResponse:
    """The form; sent, the need is the organisation's and stands in its workspace."""
    resident = request.resident  # type: ignore[attr-defined]
    organisation = request.membership.organisation  # type: ignore[attr-defined]
    email = resident.user.email or ""
    form = OrganisationNeedForm(
        request.POST if request.method == "POST" else None,
        email=email,
        initial={
            "contact_name": organisation.contact_name or resident.name,
            "contact_phone": organisation.contact_phone or resident.phone,
        },
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            tell_need(
                form.values | {"contact_email": email},
                form.key,
                resident=resident,
                organisation=organisation,
            )
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
            if refusal.code == "already_sent":
                form.renew_key()
            status = 409
        else:
            messages.success(
                request, _("We have received it. A coordinator tells you what becomes of it.")
            )
            return redirect("organisations:home", organisation.pk)
    return render(
        request,
        "activities/workspace/need.html",
        {
            "form": form,
            "needs_guardian": not may_disclose(resident),
            "kept_days": FORGET_AFTER_DAYS,
        },
        status=status,
    )


@for_members
@require_POST
def withdraw_need_of_organisation(request: HttpRequest, need_id: int) -> HttpResponse:
    """Take back one that the organisation has told, whoever of it that was."""
    organisation = request.membership.organisation_id  # type: ignore[attr-defined]
    own = Need.objects.of_organisation(organisation)
    say_withdrawn(request, get_object_or_404(own, pk=need_id))
    return redirect("organisations:home", organisation)
