"""Passkeys: signing in with one, adding, naming and removing them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.enums import SignInWay
from accounts.forms.sign_in import AddressForm, PasskeyNameForm
from accounts.models import Passkey
from accounts.operations import passkeys, sign_ins
from accounts.operations.attempts import spend
from accounts.queries import account_of
from accounts.views.attempts import network, refused_sign_in
from accounts.views.confirmation import CHALLENGE_KEY, answer_of, confirmed_required
from accounts.views.sign_in import next_path, show_entrance, sign_in
from common.refusal import Refused


@never_cache
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """For our script: what to ask the device for."""
    spend("passkey", network=network(request))
    options, state = passkeys.begin_sign_in()
    if not request.user.is_authenticated:
        sign_ins.wait_at_the_door(request.session)
    request.session[CHALLENGE_KEY] = state
    return JsonResponse(options)


@never_cache
@require_POST
def sign_in_with_passkey(request: HttpRequest) -> HttpResponse:
    """Takes what the device answered. A challenge is good for one answer, right or wrong."""
    spend("passkey", network=network(request))
    try:
        user = passkeys.finish_sign_in(request.session.pop(CHALLENGE_KEY, None), answer_of(request))
    except Refused:
        refused_sign_in(request, "", SignInWay.PASSKEY)
        return show_entrance(
            request, "account/login.html", AddressForm(), status=403, passkey_failed=True
        )
    return sign_in(request, user, SignInWay.PASSKEY, next_path(request))


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Offers a passkey once; shown is shown, whatever is chosen."""
    passkeys.put_off_passkey(account_of(request))
    if request.method == "POST":
        return HttpResponseRedirect(reverse("portal:my_page"))
    return render(request, "accounts/passkey_offer.html")


@never_cache
@require_POST
@confirmed_required
def add_options(request: HttpRequest) -> HttpResponse:
    """For our script: what the device is to make."""
    options, state = passkeys.begin_registration(account_of(request))
    request.session[CHALLENGE_KEY] = state
    return JsonResponse(options)


@require_http_methods(["GET", "POST"])
@confirmed_required
def add(request: HttpRequest) -> HttpResponse:
    """Makes a passkey on this device, with a name to know it by."""
    form = PasskeyNameForm(request.POST or None, initial={"name": _("My device")})
    status = 200
    if request.method == "POST" and form.is_valid():
        spend("change", account=str(account_of(request).pk))
        try:
            passkeys.finish_registration(
                account_of(request),
                request.session.pop(CHALLENGE_KEY, None),
                answer_of(request),
                form.cleaned_data["name"],
            )
        except Refused as refusal:
            form.add_error(None, _why(refusal))
            status = 403
        else:
            messages.success(
                request, _("The passkey is added. You can sign in with it from now on.")
            )
            return HttpResponseRedirect(reverse("accounts:sign_in_settings"))
    return render(request, "accounts/passkey_add.html", {"form": form}, status=status)


def _why(refusal: Refused) -> str:
    if refusal.code == "passkey_known":
        return _("This device has a passkey for this account already.")
    if refusal.code == "too_many_passkeys":
        return _("There are too many passkeys. Please remove one you don't use any more.")
    return _("The passkey could not be made. Please try again.")


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """Gives a passkey another name."""
    passkey = get_object_or_404(Passkey, user=account_of(request), pk=passkey_id)
    form = PasskeyNameForm(request.POST or None, instance=passkey)
    if request.method == "POST" and form.is_valid():
        passkeys.rename_passkey(account_of(request), passkey_id, form.cleaned_data["name"])
        messages.success(request, _("The name is changed."))
        return HttpResponseRedirect(reverse("accounts:sign_in_settings"))
    return render(request, "accounts/passkey_edit.html", {"form": form, "passkey": passkey})


@require_POST
@confirmed_required
def remove(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    """The device can no longer sign in with it."""
    try:
        passkeys.remove_passkey(account_of(request), passkey_id)
    except Refused:
        raise Http404 from None
    messages.success(request, _("The passkey is removed."))
    return HttpResponseRedirect(reverse("accounts:sign_in_settings"))
