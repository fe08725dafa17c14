""" "Sign-in and devices": what opens the account, where it is open, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from allauth.account.views import EmailView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms.sign_in import SetPasswordForm
from accounts.models import OpenSession, Passkey
from accounts.operations.accounts import set_password
from accounts.operations.attempts import spend
from accounts.operations.open_sessions import end_all_others, end_session
from accounts.operations.recovery_codes import make_recovery_codes
from accounts.queries import account_of, latest_events_of, open_sessions_of, recovery_codes_left
from accounts.rules.recovery import AMOUNT, is_code
from accounts.views.confirmation import confirmed_required
from accounts.views.device_words import device_in_words
from common.refusal import Refused
from common.text import normalise_digits


@dataclass(frozen=True)
class SignedIn:
    """One sign-in on the portal and what came from it, as the page shows it."""

    session: OpenSession
    words: str
    is_this_one: bool
    at_municipalities: list[OpenSession]


@never_cache
@login_required
@require_safe
def sign_in_settings(request: HttpRequest) -> HttpResponse:
    """The one page for it; reached from my page and from the particulars."""
    user = account_of(request)
    context = {
        "passkeys": list(Passkey.objects.filter(user=user).order_by("created_at")),
        "codes_left": recovery_codes_left(user),
        "has_password": user.has_usable_password(),
        "signed_in": _signed_in(request),
        "events": latest_events_of(user),
    }
    return render(request, "accounts/sign_in_settings.html", context)


def _signed_in(request: HttpRequest) -> list[SignedIn]:
    found = open_sessions_of(account_of(request))
    on_portal = {one.chain for one in found if one.municipality_id is None}
    return [
        SignedIn(
            one,
            device_in_words(one),
            one.session_key == request.session.session_key,
            [
                other
                for other in found
                if other.municipality_id and other.chain == one.chain and other is not one
            ],
        )
        for one in found
        # Where the sign-in on the portal is over, what came from it stands by itself.
        if one.municipality_id is None or one.chain not in on_portal
    ]


@login_required
@require_POST
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Ends one sign-in, on whatever device."""
    try:
        end_session(account_of(request), session_id)
    except Refused:
        raise Http404 from None
    messages.success(request, _("The sign-in is ended."))
    return HttpResponseRedirect(reverse("accounts:sign_in_settings"))


@login_required
@require_POST
def end_all_but_this(request: HttpRequest) -> HttpResponse:
    """Ends every other sign-in."""
    number = end_all_others(account_of(request), request.session.session_key or "")
    text = ngettext(
        "%(number)d other sign-in is ended.", "%(number)d other sign-ins are ended.", number
    )
    messages.success(request, text % {"number": number})
    return HttpResponseRedirect(reverse("accounts:sign_in_settings"))


@require_http_methods(["GET", "POST"])
@confirmed_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Makes recovery codes. They stand in this one answer, and nowhere afterwards."""
    codes: list[str] = []
    if request.method == "POST":
        spend("change", account=str(account_of(request).pk))
        codes = make_recovery_codes(account_of(request))
    context = {"codes": codes, "codes_left": recovery_codes_left(account_of(request))}
    return render(request, "accounts/recovery_codes.html", context)


@never_cache
@login_required
@require_POST
def recovery_codes_as_text(request: HttpRequest) -> HttpResponse:
    """The codes of the page before as a file. They come from that page: we have them no more.

    Only what is written like codes goes into the file.
    """
    codes = [code for code in request.POST.getlist("code")[:AMOUNT] if _looks_right(code)]
    if not codes:
        raise Http404
    text = "\r\n".join([_("Recovery codes for Hometown Resident Registration"), "", *codes, ""])
    response = HttpResponse("\ufeff" + text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


def _looks_right(code: str) -> bool:
    return is_code(normalise_digits(code)) and len(code) < 2 * len(normalise_digits(code))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@confirmed_required
def change_password(request: HttpRequest) -> HttpResponse:
    """Sets a password, the first or another; every other sign-in ends."""
    user = account_of(request)
    form = SetPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        spend("change", account=str(user.pk))
        set_password(
            user,
            form.cleaned_data["password1"],
            request.session.session_key or "",
        )
        update_session_auth_hash(request, user)
        messages.success(request, _("The password is set."))
        return HttpResponseRedirect(reverse("accounts:sign_in_settings"))
    context = {"form": form, "has_password": user.has_usable_password()}
    return render(request, "account/password_change.html", context)


@method_decorator(confirmed_required, name="dispatch")
class ChangeAddressView(EmailView):
    """allauth's: a new address, which counts once a code sent to it has come back."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        spend("change", account=str(account_of(request).pk))
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response
