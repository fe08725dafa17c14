"""`/claim/`: somebody who was entered at a counter comes into their account.

1. The code from the paper and the date of birth.
2. Signed in: the registrations move to the account one is signed in with. Otherwise an e-mail
   address, and
3. the code mailed to it: then the account is the person's own, and they are signed in.

What has been shown so far stands in the session for half an hour; the code on paper is spent only
with the last step.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.forms.claim import ClaimEmailForm, ClaimForm, MailedCodeForm
from accounts.models import ClaimCode
from accounts.operations.claim import check_code, is_address_free, join_account, take_account
from common import clock
from common.refusal import Refused
from tenants.hosts import portal_url
from tenants.rules.networks import client_address

STATE = "claim"
VALID_SECONDS = 30 * 60
MAILS, TRIES = 3, 3
_ABOVE_ALL_CODES = 10**8


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Step 1."""
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = check_code(
                form.cleaned_data["code"], form.cleaned_data["birth_date"], _client(request)
            )
        except Refused as refusal:
            form.add_error(None, _sentence(refusal))
            return render(request, "accounts/claim.html", {"form": form}, status=_status(refusal))
        request.session[STATE] = {"code": found.pk, "at": clock.now().timestamp(), "mails": 0}
        return redirect(
            "accounts:claim_join" if request.user.is_authenticated else "accounts:claim_email"
        )
    return render(request, "accounts/claim.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def claim_join(request: HttpRequest) -> HttpResponse:
    """Step 2 for who is signed in: shows what will be one, and does it."""
    state = _state(request)
    if state is None or not request.user.is_authenticated:
        return redirect("accounts:claim")
    sentence = ""
    if request.method == "POST":
        try:
            join_account(state["code"], request.user)
        except Refused as refusal:
            sentence = _sentence(refusal)
        else:
            del request.session[STATE]
            messages.success(request, _("Your registrations are in this account now."))
            return redirect("portal:my_page")
    return render(
        request,
        "accounts/claim_join.html",
        {"municipality": _municipality_of(state), "sentence": sentence},
        status=409 if sentence else 200,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def claim_email(request: HttpRequest) -> HttpResponse:
    """Step 2 for everybody else."""
    state = _state(request)
    if state is None:
        return redirect("accounts:claim")
    form = ClaimEmailForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if state["mails"] >= MAILS:
            form.add_error(None, _("There were too many attempts. Please begin again."))
        else:
            _send_code(request, state, form.cleaned_data["email"].strip().lower())
            return redirect("accounts:claim_confirm")
    return render(request, "accounts/claim_email.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def claim_confirm(request: HttpRequest) -> HttpResponse:
    """Step 3."""
    state = _state(request)
    if state is None or "email" not in state:
        return redirect("accounts:claim")
    if request.method == "POST" and request.POST.get("action") == "resend":
        if state["mails"] < MAILS:
            _send_code(request, state, state["email"])
        return redirect("accounts:claim_confirm")
    form = MailedCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if answer := _confirm(request, state, form):
            return answer
    context = {
        "verify_form": form,
        "email": state["email"],
        "can_resend": state["mails"] < MAILS,
        "cancel_url": reverse("accounts:claim"),
    }
    return render(request, "accounts/claim_confirm.html", context)


def _confirm(request: HttpRequest, state: dict[str, Any], form: MailedCodeForm) -> Any:
    state["tries"] += 1
    request.session.modified = True
    is_right = constant_time_compare(_hash(form.cleaned_data["code"]), state["hash"])
    if state["tries"] > TRIES or not is_right:
        form.add_error(
            "code",
            _("The code is not right. Please check the newest mail from us.")
            if state["tries"] < TRIES
            else _("The code is no longer valid. Please ask for a new one."),
        )
        return None
    try:
        user = take_account(state["code"], state["email"])
    except Refused as refusal:
        form.add_error(None, _sentence(refusal))
        return None
    del request.session[STATE]
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    messages.success(request, _("The account is yours now. You are signed in."))
    return redirect("portal:my_page")


def _send_code(request: HttpRequest, state: dict[str, Any], email: str) -> None:
    """Mail a code; to an address that has an account, what to do instead.

    The page says the same either way: it does not tell which addresses are known here.
    """
    number = f"{secrets.randbelow(_ABOVE_ALL_CODES):08}"
    is_free = is_address_free(email)
    EmailMessage(
        subject=_("Your code to confirm your e-mail address")
        if is_free
        else _("You have an account already"),
        body=render_to_string(
            "accounts/mail/claim_code.txt" if is_free else "accounts/mail/claim_known.txt",
            {"code": f"{number[:4]}-{number[4:]}", "url": portal_url("/claim/")},
        ),
        to=[email],
    ).send()
    state |= {"email": email, "hash": _hash(number), "tries": 0, "mails": state["mails"] + 1}
    request.session.modified = True


def _hash(number: str) -> str:
    return salted_hmac("accounts.claim.mail", number, algorithm="sha256").hexdigest()


def _state(request: HttpRequest) -> dict[str, Any] | None:
    state = request.session.get(STATE)
    if not state or clock.now().timestamp() - state["at"] > VALID_SECONDS:
        return None
    return state  # type: ignore[no-any-return]


def _municipality_of(state: dict[str, Any]) -> Any:
    code = ClaimCode.objects.select_related("municipality__local_government__prefecture")
    return code.get(pk=state["code"]).municipality


def _client(request: HttpRequest) -> str:
    found = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.TRUSTED_PROXIES,
    )
    return str(found or "")


def _status(refusal: Refused) -> int:
    return {"too_many_attempts": 429, "busy": 503}.get(refusal.code, 200)


def _sentence(refusal: Refused) -> str:
    """Why it did not work, and what to do now."""
    match refusal.code:
        case "claim_wrong":
            return _(
                "Code and date of birth don't go together, or the code is no longer valid. A "
                "code can be used once, within a year. Please check both, or ask the "
                "municipality for a new code."
            )
        case "too_many_attempts":
            return _(
                "There were too many attempts. Please wait an hour, or ask the municipality "
                "for a new code."
            )
        case "busy":
            return _("Very many people are here at the moment. Please try again shortly.")
        case "email_taken":
            return _("This e-mail address can't be used.")
        case "another_person":
            return _(
                "The date of birth of the account you are signed in with is another than on "
                "the paper. If the account is yours, please correct it under “Your "
                "particulars”. If it is somebody else's, please sign out and begin again."
            )
        case "account_closed":
            return _("This account is closed. Please ask the municipality.")
    raise KeyError(refusal.code)
