"""Over the limit the resident chooses; and tells of stays."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from common import clock
from common.refusal import Refused
from registration.enums import StayEvidence, StayStatus
from registration.forms.premium import ChoiceToEnd, StayForm
from registration.forms.refusals import premium_name, sentence_of
from registration.models import PremiumStanding, Stay
from registration.operations import premium
from registration.queries import conditions_of, parameters_on, place_of, standings_of
from registration.rules.facts import Held
from registration.rules.limit import counted
from registration.rules.stays import days_stayed
from registration.rules.year import counting_window
from registration.views.my_registration import own_registration

_FORM_ERROR, _REFUSED = 400, 409


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Which premium registration ends, while there are more than the limit."""
    resident = request.resident  # type: ignore[attr-defined]
    standings = list(standings_of(resident))
    if not any(row.over_limit for row in standings):
        # Also whoever sends the form a second time.
        messages.info(
            request,
            _("You do not have more %(premium)s registrations than the limit.")
            % {"premium": premium_name()},
        )
        return redirect("portal:my_page")
    standings = _that_count(standings)
    form = ChoiceToEnd(request.POST if request.method == "POST" else None, standings)
    if request.method == "POST" and form.is_valid():
        chosen = next(row for row in standings if str(row.pk) == form.cleaned_data["standing"])
        premium.choose(resident, chosen)
        messages.success(
            request,
            _("Your %(premium)s registration with %(municipality)s has ended.")
            % {"premium": premium_name(), "municipality": chosen.municipality.full_name},
        )
        return redirect("portal:my_page")
    parameters = parameters_on()
    return render(
        request,
        "registration/mine/choose.html",
        {
            "form": form,
            "standings": standings,
            "most": parameters.max_premium,
            **parameters.names(get_language() or "ja"),
        },
        status=_FORM_ERROR if form.errors else 200,
    )


def _that_count(standings: list[PremiumStanding]) -> list[PremiumStanding]:
    """To end any other would change nothing."""
    codes = counted(
        Held(place_of(row.municipality.local_government), row.derived_from_id is not None)
        for row in standings
    )
    return [
        row
        for row in standings
        if row.derived_from_id is None and str(row.municipality_id) in codes
    ]


@resident_required
@require_http_methods(["GET", "HEAD", "POST"])
def stays(request: HttpRequest, code: str) -> HttpResponse:
    """Days I stayed there: told, checked, counted. Only where long stays are recognised."""
    registration = own_registration(request, code)
    needed = conditions_of([code])[code].long_stay_days
    if needed is None or not registration.is_active:
        raise Http404
    form = StayForm(request.POST if request.method == "POST" else None)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            premium.tell_stay(
                registration,
                data["first_day"],
                data["last_day"],
                StayEvidence(data["evidence"]),
                data["note"],
            )
        except Refused as refusal:
            sentence = sentence_of(refusal)
        else:
            messages.success(request, _("Your stay has been told. The office checks it."))
            return redirect("registration:stays", code)
    told = list(Stay.objects.filter(registration=registration).order_by("-first_day", "-pk"))
    first, last = counting_window(clock.today(), parameters_on().window)
    accepted = [(row.first_day, row.last_day) for row in told if row.status == StayStatus.ACCEPTED]
    return render(
        request,
        "registration/mine/stays.html",
        {
            "registration": registration,
            "place": registration.municipality,
            "premium": premium_name(),
            "form": form,
            "sentence": sentence,
            "stays": told,
            "needed": needed,
            "days": days_stayed(accepted, first, last),
            "first": first,
            "last": last,
        },
        status=_REFUSED if sentence else _FORM_ERROR if form.errors else 200,
    )
