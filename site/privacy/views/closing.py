"""Closing the account: what it means, once more the question, and the word that it is done."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.queries import account_of
from accounts.views.confirmation import confirmed_before
from common.refusal import Refused
from privacy.forms.closing import ClosingForm
from privacy.operations.closing import close_account_of, in_backups_until
from tenants.actors import at_reception

_SALT = "privacy.close"


def close(request: HttpRequest) -> HttpResponseBase:
    """Sent twice, as by a shaking hand without JavaScript, it is answered as the first time:
    nobody who has just closed the account is asked to sign in."""
    if request.method == "POST" and not request.user.is_authenticated and _is_closed(request):
        return redirect("privacy:closed")
    return _close(request)


def _is_closed(request: HttpRequest) -> bool:
    try:
        account = signing.loads(request.POST.get("whose", ""), salt=_SALT)
    except signing.BadSignature:
        return False
    with at_reception():
        return User.objects.filter(pk=account, is_active=False).exists()


@confirmed_before("privacy:close")
@require_http_methods(["GET", "HEAD", "POST"])
def _close(request: HttpRequest) -> HttpResponse:
    """Says what ends and what stays, and closes once that is ticked. For accounts without a
    profile too: nobody has to tell their name in order to leave."""
    form = ClosingForm(
        request.POST if request.method == "POST" else None,
        initial={"whose": signing.dumps(request.user.pk, salt=_SALT)},
    )
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            close_account_of(account_of(request))
        except Refused as refusal:
            sentence = _sentence(refusal)
        else:
            with at_reception():
                logout(request)
            return redirect("privacy:closed")
    return render(
        request,
        "privacy/close.html",
        {
            "form": form,
            "sentence": sentence,
            "until": in_backups_until(),
            "days": settings.BACKUP_DAYS,
        },
        status=409 if sentence else 200,
    )


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """For whoever has just closed their account, and is nobody here any more. Whoever is somebody
    has it: they came back to an old page, and need no fright."""
    if request.user.is_authenticated:
        return redirect("portal:my_page")
    return render(request, "privacy/closed.html", {"days": settings.BACKUP_DAYS})


def _sentence(refusal: Refused) -> str:
    """Why the account cannot be closed, and whom to ask."""
    if refusal.code == "is_staff":
        places = refusal.data["places"]
        if not places:
            return _(
                "You run this platform with this account. Please have another operator take that "
                "from you first; then you can close it."
            )
        return _(
            "You work for %(municipalities)s with this account. Please have an administrator "
            "there take your role from you first; then you can close it."
        ) % {"municipalities": _(", ").join(places)}  # type: ignore[arg-type]
    if refusal.code == "account_closed":
        return _("This account has become part of another one of yours. Please close that one.")
    raise KeyError(refusal.code)
