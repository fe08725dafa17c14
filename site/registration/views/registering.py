"""Registering with a municipality, on the portal.

From a confirmed e-mail address at most three screens: particulars (the profile page of
accounts, left out once they are complete), questions and consent, done.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Resident
from accounts.permissions import resident_required
from accounts.queries import resident_for
from common.refusal import Refused
from registration.forms import ConsentForm, FormsTogether
from registration.models import Registration
from registration.operations import leave, register
from registration.operations.disclosure import DISCLOSED, disclosed, facts, labels_of
from registration.operations.forgetting import FORGET_AFTER_LEAVING_DAYS
from registration.queries import active_registration, parameters_on, place_of
from registration.rules.residence import lives_in
from registration.steps import steps_for
from tenants.models import Municipality


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Leads whoever comes here, signed in or not, to the registration.

    Of a municipality that is not published there is no such page; what holds already stays on
    my page, and can be left.
    """
    municipality = get_object_or_404(Municipality.objects.published(), pk=code)
    if not request.user.is_authenticated:
        return _invite(request, municipality)
    resident = resident_for(request)
    if resident is None:
        query = urlencode({"next": request.path})
        return redirect(f"{reverse('accounts:profile')}?{query}")
    registration = active_registration(resident.pk, municipality)
    if registration and not registration.is_co_registered:
        # Also whoever sends the form a second time.
        return redirect("registration:done", code=code)
    return _questions(request, resident, municipality, registration)


def _invite(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    query = urlencode({"next": request.path})
    return render(
        request,
        "registration/invite.html",
        {
            "place": municipality,
            "kind_name": _kind_name(),
            "prefecture": municipality.prefecture_municipality(),
            "told": labels_of(DISCLOSED).values(),
            "sign_up_url": f"{reverse('account_signup')}?{query}",
            "sign_in_url": f"{reverse('account_login')}?{query}",
        },
    )


def _questions(
    request: HttpRequest,
    resident: Resident,
    municipality: Municipality,
    registration: Registration | None,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    steps = steps_for(municipality, data)
    consent = ConsentForm(data, municipality)
    form = FormsTogether([*(step.form for step in steps), consent])
    if data is not None and form.is_valid():
        try:
            register(resident, municipality, steps, wants_mail=consent.cleaned_data["wants_mail"])
        except Refused as refusal:
            if refusal.code != "account_closed":
                raise
            return redirect("privacy:closed")
        return redirect("registration:done", code=municipality.code)
    prefecture = None if registration else municipality.prefecture_municipality()
    told = facts(disclosed(resident, municipality))
    told_prefecture = facts(disclosed(resident, prefecture)) if prefecture else []
    context = {
        "place": municipality,
        "prefecture": prefecture,
        "told": told,
        "told_otherwise": [fact for fact in told_prefecture if fact not in told],
        "registration": registration,
        "resident": resident,
        "form": form,
        "kind_name": _kind_name(),
        "lives_here": lives_in(
            place_of(resident.residence), place_of(municipality.local_government)
        ),
        "profile_url": f"{reverse('accounts:profile')}?{urlencode({'next': request.path})}",
        "steps": [_("Your particulars"), _("Questions and consent"), _("Done")],
    }
    return render(request, "registration/questions.html", context)


@resident_required
@require_safe
def done(request: HttpRequest, code: str) -> HttpResponse:
    """The number, and where to go from here; also for who was registered already."""
    municipality = get_object_or_404(Municipality, pk=code)
    resident = request.resident  # type: ignore[attr-defined]
    registration = active_registration(resident.pk, municipality)
    if registration is None:
        return redirect("registration:start", code=code)
    prefecture = municipality.prefecture_municipality()
    return render(
        request,
        "registration/done.html",
        {
            "place": municipality,
            "registration": registration,
            "other": active_registration(resident.pk, prefecture) if prefecture else None,
            "kind_name": _kind_name(),
            "steps": [_("Your particulars"), _("Questions and consent"), _("Done")],
        },
    )


@resident_required
@require_http_methods(["GET", "POST"])
def leave_view(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once, then ends the registration."""
    municipality = get_object_or_404(Municipality, pk=code)
    resident = request.resident  # type: ignore[attr-defined]
    registration = active_registration(resident.pk, municipality)
    if registration is None:
        messages.info(
            request,
            _("You are not registered with %(municipality)s.")
            % {"municipality": municipality.full_name},
        )
        return redirect("portal:my_page")
    sentence = ""
    if request.method == "POST":
        try:
            over = leave(registration)
        except Refused as refusal:
            sentence = _sentence(refusal)
        else:
            messages.success(request, _what_ended(municipality, over))
            return redirect("portal:my_page")
    return render(
        request,
        "registration/leave.html",
        {
            "place": municipality,
            "registration": registration,
            "sentence": sentence,
            "days": FORGET_AFTER_LEAVING_DAYS,
        },
        status=409 if sentence else 200,
    )


def _what_ended(municipality: Municipality, over: list[Registration]) -> str:
    if not over:
        return _(
            "Your own registration with %(municipality)s has ended. It stays registered "
            "together with your city."
        ) % {"municipality": municipality.full_name}
    names = [registration.municipality.full_name for registration in over]
    return _("Your registration has ended: %(municipalities)s") % {
        "municipalities": _(", ").join(names)
    }


def _sentence(refusal: Refused) -> str:
    """Why a registration cannot be left."""
    if refusal.code == "held_by_city":
        cities = _(", ").join(refusal.data["municipalities"])  # type: ignore[arg-type]
        return _(
            "You are registered with this prefecture because you are registered with "
            "%(cities)s. It ends when you leave that registration."
        ) % {"cities": cities}
    raise KeyError(refusal.code)


def _kind_name() -> str:
    """What a basic registration is called at present (R29)."""
    return parameters_on().name_of("basic", get_language() or "ja")
