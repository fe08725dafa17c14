"""A minor asks a guardian; the guardian agrees, or not, and withdraws. On the portal."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Resident
from accounts.permissions import resident_required
from accounts.queries import resident_for
from common.refusal import Refused
from identity.forms.guardians import AgreeForm, AskForm
from identity.models import GuardianInvitation
from identity.operations.coming_of_age import confirm
from identity.operations.guardians import (
    ask_guardian,
    cancel_invitation,
    check_guardian,
    decline,
    give_consent,
    open_invitation,
    text_in_force,
    withdraw,
)
from identity.queries import (
    children_of,
    coming_of_age_of,
    consent_of,
    last_invitation_of,
    open_invitation_of,
    standing_of,
)
from identity.views.guardian_sentences import sentence_for


@resident_required
@require_http_methods(["GET", "POST"])
def my_guardian(request: HttpRequest) -> HttpResponse:
    """What a minor needs a guardian for, and how far it is; POST asks one."""
    resident = request.resident  # type: ignore[attr-defined]
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_guardian(resident, form.cleaned_data["email"])
        except Refused as refusal:
            form.add_error("email", sentence_for(refusal))
        else:
            messages.success(request, _("We have sent a mail to your guardian."))
            return redirect("identity:my_guardian")
    standing = standing_of(resident)
    return render(
        request,
        "identity/my_guardian.html",
        {
            "standing": standing,
            "consent": consent_of(resident.pk) if standing.consent_holds else None,
            "invitation": open_invitation_of(resident) if standing.lacks_consent else None,
            "last": last_invitation_of(resident) if standing.lacks_consent else None,
            "coming_of_age": None if standing.is_minor else coming_of_age_of(resident),
            "form": form,
        },
        status=400 if form.errors else 200,
    )


@resident_required
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """The minor takes the invitation back."""
    cancel_invitation(request.resident)  # type: ignore[attr-defined]
    messages.success(request, _("The request is taken back. The link in the mail no longer works."))
    return redirect("identity:my_guardian")


@resident_required
@require_POST
def confirm_of_age(request: HttpRequest) -> HttpResponse:
    """A young adult goes on by themselves."""
    confirm(request.resident)  # type: ignore[attr-defined]
    messages.success(request, _("Thank you. You have confirmed your registration yourself."))
    return redirect("portal:my_page")


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the link in the mail opens: sign in, be verified, read, agree or not."""
    try:
        invitation = open_invitation(token)
    except Refused:
        return render(request, "identity/invitation_invalid.html", status=404)
    guardian = resident_for(request)
    if guardian is None:
        return _send_away(request)
    if request.method == "POST" and "decline" in request.POST:
        decline(token)
        messages.success(request, _("You did not agree. We have told the child."))
        return redirect("portal:my_page")
    try:
        check_guardian(invitation, guardian)
    except Refused as refusal:
        return _not_this_account(request, invitation, refusal)
    form = AgreeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            give_consent(token, guardian, form.cleaned_data["relation"])
        except Refused:
            return render(request, "identity/invitation_invalid.html", status=404)
        messages.success(request, _("Thank you. Your consent is recorded."))
        return redirect("portal:children")
    return _show_text(request, invitation, guardian, form)


def _send_away(request: HttpRequest) -> HttpResponse:
    """To where one becomes known, and back here. Names nobody: whoever holds the link may read."""
    query = urlencode({"next": request.path})
    if request.user.is_authenticated:
        return redirect(f"{reverse('accounts:profile')}?{query}")
    return render(
        request,
        "identity/invited.html",
        {
            "sign_up_url": f"{reverse('account_signup')}?{query}",
            "sign_in_url": f"{reverse('account_login')}?{query}",
        },
    )


def _not_this_account(
    request: HttpRequest, invitation: GuardianInvitation, refusal: Refused
) -> HttpResponse:
    return render(
        request,
        "identity/not_this_account.html",
        {
            "code": refusal.code,
            "sentence": sentence_for(refusal),
            "child": invitation.resident,
            "next": urlencode({"next": request.path}),
        },
        status=403,
    )


def _show_text(
    request: HttpRequest, invitation: GuardianInvitation, guardian: Resident, form: AgreeForm
) -> HttpResponse:
    text = text_in_force()
    heading, _newline, body = text.body.partition("\n")
    return render(
        request,
        "identity/agree.html",
        {
            "child": invitation.resident,
            "guardian": guardian,
            "text": text,
            "heading": heading,
            "body": body.strip(),
            "form": form,
        },
        status=400 if form.errors else 200,
    )


@resident_required
@require_http_methods(["GET", "POST"])
def withdraw_view(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Asks once, then ends the consent."""
    guardian = request.resident  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            withdraw(consent_id, guardian)
        except Refused:
            raise Http404 from None
        messages.success(
            request,
            _("Your consent is withdrawn. It takes effect at once. We have told the child."),
        )
        return redirect("portal:children")
    child = next((one for one in children_of(guardian) if one.consent.pk == consent_id), None)
    if child is None:
        raise Http404
    return render(request, "identity/withdraw.html", {"child": child})
