"""The second step of sign-in on admin hosts and the operator's, and one's own second factors."""

from __future__ import annotations

import base64
import io
from typing import Any
from urllib.parse import quote, urlencode

import qrcode
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from qrcode.image.svg import SvgPathFillImage

from common.encryption import decrypt, encrypt
from common.refusal import Refused
from tenants.forms.second_factor import AddAppForm, CodeForm, PasskeyForm
from tenants.models import SecondFactor
from tenants.operations import passkeys, staff_sessions
from tenants.operations.second_factors import add_app, add_passkey, new_secret, remove_factor
from tenants.permissions import may_enter
from tenants.queries import second_factors_of
from tenants.views import doors
from tenants.views.confirm import challenge, host_of, note, recently_confirmed, used_factor

_SECRET, _NEW_PASSKEY = "staff_new_secret", "staff_new_passkey"
_PLACE = "tenants.second_factor.new"
_GROUP = 4


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def challenge_page(request: HttpRequest) -> HttpResponse:
    """After the password: the code, or the passkey."""
    if not _works_here(request):
        return redirect(doors.sign_in_url(request))
    if request.second_factor_passed:  # type: ignore[attr-defined]
        return redirect(doors.wanted(request))
    code = CodeForm(request.POST) if "code" in request.POST else None
    credential = PasskeyForm(request.POST) if "credential" in request.POST else None
    form = code or CodeForm()
    used = used_factor(request, code, credential, shown=form)
    if used is not None:
        staff_sessions.pass_factor(request.session, used)
        return redirect(doors.wanted(request))
    return _page(request, "challenge", challenge(request) | {"form": form})


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Enrolment, where there is no factor yet; later one more, for which one is asked."""
    if not _works_here(request):
        return redirect(doors.sign_in_url(request))
    if request.second_factor_passed:  # type: ignore[attr-defined]
        return _add_another(request)
    if _own_factors(request).exists():
        # The password alone must not add a factor beside the owner's.
        return redirect("second_factor:challenge")
    return _add(request)


@recently_confirmed()
def _add_another(request: HttpRequest) -> HttpResponse:
    return _add(request)


def _add(request: HttpRequest) -> HttpResponse:
    form = AddAppForm(request.POST if "code" in request.POST else None)
    added: SecondFactor | None = None
    try:
        if "credential" in request.POST:
            added = _passkey_added(request)
        elif form.is_valid():
            added = add_app(
                request.user,
                request.municipality,  # type: ignore[attr-defined]
                _pending_secret(request),
                form.cleaned_data["code"],
                form.cleaned_data["label"],
            )
    except Refused as refusal:
        note(request, form, refusal)
    if added is None:
        return _page(request, "add", _enrolment(request) | {"form": form})
    request.session.pop(_SECRET, None)
    if request.second_factor_passed:  # type: ignore[attr-defined]
        messages.success(request, _("From now on you confirm your sign-in with this device."))
        return redirect("second_factor:list")
    staff_sessions.pass_factor(request.session, added)
    return redirect(doors.wanted(request))


def _passkey_added(request: HttpRequest) -> SecondFactor:
    form = PasskeyForm(request.POST)
    state = request.session.pop(_NEW_PASSKEY, None)  # a challenge is answered once
    if state is None or not form.is_valid():
        raise Refused("passkey_wrong")
    return add_passkey(
        request.user,
        request.municipality,  # type: ignore[attr-defined]
        host_of(request),
        state,
        form.cleaned_data["credential"],
        form.cleaned_data["label"],
    )


def _enrolment(request: HttpRequest) -> dict[str, Any]:
    """What the page shows: secret and QR code, and the options for a passkey."""
    secret = _pending_secret(request)
    host = host_of(request)
    options, request.session[_NEW_PASSKEY] = passkeys.begin_registration(
        request.user, host, list(_own_factors(request).filter(rp_id=host))
    )
    groups = [secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)]
    return {
        "secret": " ".join(groups),
        "qr": _qr(_app_address(request, secret)),
        "passkey_options": options,
        "is_first": not request.second_factor_passed,  # type: ignore[attr-defined]
    }


def _pending_secret(request: HttpRequest) -> str:
    """The same one until it is confirmed, so that a page loaded anew fits what was scanned."""
    if _SECRET not in request.session:
        # Sessions stand in a table: not in clear there either.
        request.session[_SECRET] = encrypt(new_secret(), _PLACE)
    return decrypt(request.session[_SECRET], _PLACE)


def _app_address(request: HttpRequest, secret: str) -> str:
    """What authenticator apps read from the QR code."""
    place = request.municipality  # type: ignore[attr-defined]
    issuer = place.full_name if place else _("Platform operator")
    name = quote(f"{issuer}:{request.user}")
    words = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{name}?{words}"


def _qr(text: str) -> str:
    """A picture as a data: address, so that no other host is asked for it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=4)
    code.add_data(text)
    stream = io.BytesIO()
    code.make_image(image_factory=SvgPathFillImage).save(stream)
    return f"data:image/svg+xml;base64,{base64.b64encode(stream.getvalue()).decode()}"


@never_cache
@require_safe
def list_factors(request: HttpRequest) -> HttpResponse:
    """One's own factors on this host."""
    if not _works_here(request):
        return redirect(doors.sign_in_url(request))
    factors = list(_own_factors(request))
    return _page(request, "list", {"factors": factors, "may_remove": len(factors) > 1})


@never_cache
@require_POST
def remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    """Take one of one's own away."""
    if not _works_here(request):
        return redirect(doors.sign_in_url(request))
    if not _own_factors(request).filter(pk=factor_id).exists():
        raise Http404
    return _remove(request, factor_id)


@recently_confirmed()
def _remove(request: HttpRequest, factor_id: int) -> HttpResponse:
    try:
        remove_factor(request.user, request.municipality, factor_id)  # type: ignore[attr-defined]
    except Refused:
        messages.error(request, _("This is your last device. Please add another one first."))
    else:
        messages.success(request, _("The device has been removed."))
    return redirect("second_factor:list")


@never_cache
@require_safe
def still_here(request: HttpRequest) -> HttpResponse:
    """Asked by a page on which somebody types: the session goes on (`tenants.middleware`)."""
    return HttpResponse(status=204 if request.second_factor_passed else 403)  # type: ignore[attr-defined]


def _works_here(request: HttpRequest) -> bool:
    return request.user.is_authenticated and may_enter(request.user, request.host_kind)  # type: ignore[attr-defined]


def _own_factors(request: HttpRequest) -> Any:
    return second_factors_of(request.user, request.municipality)  # type: ignore[attr-defined]


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        f"tenants/second_factor/{name}.html",
        {
            "frame": doors.frame(request),
            "next": doors.wanted(request),
            "sign_out_url": doors.sign_out_url(request),
            "home_url": doors.home_url(request),
            **context,
        },
    )
