"""Asking for the second factor once more before something that matters."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from common.refusal import Refused
from tenants.forms.second_factor import CodeForm, PasskeyForm
from tenants.models import SecondFactor
from tenants.operations import passkeys, staff_sessions
from tenants.operations.second_factors import check_code, check_passkey, passkeys_of
from tenants.views import doors

View = Callable[..., HttpResponse]
_STATE = "staff_passkey_state"
_CODE, _CREDENTIAL = "confirm-code", "confirm-credential"
_OWN_FIELDS = {_CODE, _CREDENTIAL, "confirm-label", "csrfmiddlewaretoken"}
_SAFE = {"GET", "HEAD"}


def recently_confirmed(*methods: str) -> Callable[[View], View]:
    """Lets a view go on only if the second factor was passed a short time ago
    (`STAFF_CONFIRMATION_MINUTES`); otherwise asks for it, and then goes on.

    With methods, for those alone: `@recently_confirmed("POST")`. What a form had sent is sent
    again with the code, so nothing that was typed is lost; files are chosen anew. Stands inside of
    whatever says who may: `@administrators_only` first, then this.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if methods and request.method not in methods:
                return view(request, *args, **kwargs)
            if not getattr(request, "second_factor_passed", False):
                raise PermissionDenied
            if staff_sessions.is_confirmed(request.session):
                return view(request, *args, **kwargs)
            if request.method in _SAFE:
                return doors.lead_to(reverse("second_factor:confirm"), request.get_full_path())
            refused = _ask(request, carry=True)
            return refused or view(request, *args, **kwargs)

        return guarded

    return guard


@never_cache
@sensitive_post_parameters(_CODE)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The page that asks, on its own: before an address that is opened, not sent to."""
    if not getattr(request, "second_factor_passed", False):
        return redirect(doors.sign_in_url(request))
    return _ask(request, carry=False) or redirect(doors.wanted(request))


def _ask(request: HttpRequest, *, carry: bool) -> HttpResponse | None:
    """The page with its question; None once it has been answered."""
    code, credential = None, None
    if _CODE in request.POST:
        code = CodeForm(request.POST, prefix="confirm")
    elif _CREDENTIAL in request.POST:
        credential = PasskeyForm(request.POST, prefix="confirm")
    form = code or CodeForm(prefix="confirm")
    used = used_factor(request, code, credential, shown=form)
    if used is not None:
        staff_sessions.confirm(request.session, used)
        return None
    context = challenge(request) | {
        "frame": doors.frame(request),
        "form": form,
        "next": doors.wanted(request),
        "minutes": staff_sessions.limits().confirmation // 60,
        "carried": _carried(request) if carry else [],
        "loses_files": carry and bool(request.FILES),
        "is_sent_on": carry,
    }
    return render(request, "tenants/second_factor/confirm.html", context)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS
        for value in values
    ]


def host_of(request: HttpRequest) -> str:
    """The name of this very host, which a passkey is made for."""
    return request.get_host().rsplit(":", 1)[0].lower().rstrip(".")


def challenge(request: HttpRequest) -> dict[str, Any]:
    """What the page needs for a passkey: options, if there is one for this host."""
    place = request.municipality  # type: ignore[attr-defined]
    host = host_of(request)
    known = list(passkeys_of(request.user, place, host))
    if not known:
        return {"passkey_options": None}
    options, request.session[_STATE] = passkeys.begin_use(host, known)
    return {"passkey_options": options}


def used_factor(
    request: HttpRequest,
    code: CodeForm | None,
    credential: PasskeyForm | None,
    *,
    shown: CodeForm,
) -> SecondFactor | None:
    """The factor that was shown, if it was; what is wrong with a code stands on `shown`."""
    place = request.municipality  # type: ignore[attr-defined]
    try:
        if code is not None and code.is_valid():
            return check_code(request.user, place, code.cleaned_data["code"])
        if credential is not None:
            # Taken out before it is looked at: a challenge is answered once.
            state = request.session.pop(_STATE, None)
            if state is None or not credential.is_valid():
                raise Refused("passkey_wrong")
            answer = credential.cleaned_data["credential"]
            return check_passkey(request.user, place, host_of(request), state, answer)
    except Refused as refusal:
        note(request, shown, refusal)
    return None


def note(request: HttpRequest, form: CodeForm, refusal: Refused) -> None:
    """Say what is wrong and what to do now: of a code at its field, else above the form."""
    match refusal.code:
        case "wait":
            words = _("There were too many wrong codes. Please try again in %(minutes)s minutes.")
            form.add_error("code", words % {"minutes": refusal.data["minutes"]})
        case "code_wrong":
            form.add_error(
                "code",
                _(
                    "The code is not right, or it was used already. Please wait for the next one "
                    "in the app and type that. The clock of your telephone must be right."
                ),
            )
        case "too_many_factors":
            messages.error(
                request, _("No more devices can be added. Please remove one you do not use.")
            )
        case _:
            messages.error(
                request, _("The passkey was not accepted. Please try again, or type a code.")
            )
