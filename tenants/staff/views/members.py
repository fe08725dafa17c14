"""The staff screen in a municipality's admin: who works here, invite, remove.

It stands in place of Wagtail's screens of users and groups, which list every account of the
nation and would let an editor set `is_superuser`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from common.refusal import Refused
from tenants.operations.second_factors import reset_factors
from tenants.queries import second_factor_history
from tenants.staff.forms import InvitationForm
from tenants.staff.operations import invite, remove_member, withdraw_invitation
from tenants.staff.permissions import may_choose_staff
from tenants.staff.queries import members, open_invitations
from tenants.staff.roles import Role
from tenants.views.confirm import recently_confirmed

HISTORY = 50  # lines shown
View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """403 for everybody else of the municipality's staff.

    Answered here and not raised: Wagtail would make a redirect of it, with a status that says that
    all went well.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_choose_staff(request.user):
            return render(request, "staff/forbidden.html", {"page_title": _("Staff")}, status=403)
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
@recently_confirmed("POST")
def staff(request: HttpRequest) -> HttpResponse:
    """Members and open invitations; the form invites one more."""
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        invite(form.cleaned_data["email"], form.cleaned_data["role"])
        messages.success(
            request,
            _("The invitation is on its way to %(email)s.") % {"email": form.cleaned_data["email"]},
        )
        return redirect("staff_members")
    roles = dict(Role.choices)
    return render(
        request,
        "staff/members.html",
        {
            "form": form,
            "page_title": _("Staff"),
            "header_icon": "group",
            "members": [(member, roles[member.group.name]) for member in members()],
            "invitations": [
                (invitation, roles[invitation.group.name]) for invitation in open_invitations()
            ],
            "history": second_factor_history(request.municipality)[:HISTORY],  # type: ignore[attr-defined]
        },
    )


@require_POST
@administrators_only
@recently_confirmed()
def remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a role from a member."""
    if not members().filter(pk=membership_id).exists():
        raise Http404
    try:
        remove_member(membership_id)
    except Refused:
        messages.error(
            request,
            _("This is the last administrator. Please invite another administrator first."),
        )
    else:
        messages.success(request, _("The role has been taken away."))
    return redirect("staff_members" if _still_may(request) else "wagtailadmin_home")


def _still_may(request: HttpRequest) -> bool:
    """Asked anew: administrators may have removed themselves a moment ago."""
    return may_choose_staff(get_user_model().objects.get(email=request.user.get_username()))


@require_POST
@administrators_only
@recently_confirmed()
def reset(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Take a colleague's second factors for this host away, and end the sessions here."""
    member = get_object_or_404(members(), pk=membership_id)
    try:
        reset_factors(member.user, request.municipality, request.user)  # type: ignore[attr-defined]
    except Refused:
        messages.error(
            request, _("You cannot reset your own. Please ask another administrator to do it.")
        )
    else:
        messages.success(
            request,
            _("Done. %(name)s was signed out here, got a mail, and sets it up anew.")
            % {"name": member.user.get_full_name()},
        )
    return redirect("staff_members")


@require_POST
@administrators_only
@recently_confirmed()
def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """End an invitation."""
    if not open_invitations().filter(pk=invitation_id).exists():
        raise Http404
    withdraw_invitation(invitation_id)
    messages.success(request, _("The invitation has been withdrawn."))
    return redirect("staff_members")
