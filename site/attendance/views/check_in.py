"""The page behind the poster's QR code, on the portal; the six digits; what a phone had kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from accounts.queries import resident_for
from accounts.views.attempts import network
from attendance.forms.digits import DigitsForm
from attendance.operations.check_in import check_in, read_code
from attendance.operations.ledger.record import CheckIn
from attendance.operations.scans.batch import take_from_resident
from attendance.operations.session_codes import check_in_by_digits
from attendance.views.batches import BadBatch, answers_json, read_batch
from attendance.views.cookies import browser_of, name_browser, remember_seen, seen_at
from attendance.views.marks import mark_of
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from tenants.models import Municipality
from themes.views.frames import render_in_frame


@never_cache
@require_http_methods(["GET", "POST"])
def check_in_view(request: HttpRequest, token: str) -> HttpResponse:
    """One tap: GET shows the activity and the button, POST records.

    Nothing is written on GET: browsers and mail programs open addresses on their own. But when
    the code was first brought is remembered, also of whoever has to sign in first.
    """
    answer = _check_in(request, token)
    if request.method == "GET" and seen_at(request, token) is None:
        remember_seen(answer, token)
    name_browser(request, answer)
    return answer


@resident_required
def _check_in(request: HttpRequest, token: str) -> HttpResponse:
    seen = seen_at(request, token)
    try:
        if request.method == "POST":
            resident = request.resident  # type: ignore[attr-defined]
            outcome = check_in(resident, token, browser=browser_of(request), seen_at=seen)
            return _checked_in(request, outcome)
        venue = read_code(token, seen_at=seen)
    except Refused as refusal:
        return _refuse(request, refusal)
    place = venue.municipality
    return _show(request, "attendance/check_in.html", place, venue=venue, token=token)


@resident_required
@require_http_methods(["GET", "POST"])
def digits_view(request: HttpRequest) -> HttpResponse:
    """The six digits of the day, for who cannot scan."""
    resident = request.resident  # type: ignore[attr-defined]
    form = DigitsForm(request.POST if request.method == "POST" else None, resident=resident)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            outcome = check_in_by_digits(
                resident,
                form.cleaned_data["municipality"],
                form.cleaned_data["digits"],
                network=network(request),
                browser=browser_of(request),
            )
        except Refused as refusal:
            if refusal.code in {"too_many_attempts", "cannot_count"}:
                raise  # answered for all pages alike
            sentence = sentence_for(refusal)
        else:
            return _checked_in(request, outcome)
    answer = render(
        request,
        "attendance/digits.html",
        {"form": form, "sentence": sentence},
        status=409 if sentence else 200,
    )
    name_browser(request, answer)
    return answer


@never_cache
@require_http_methods(["GET", "POST"])
def own_scans(request: HttpRequest) -> HttpResponse:
    """What a resident's phone read without a network: GET says whether it may send and
    whose phone it is by an opaque mark, POST takes it.

    For scripts, so it answers 401 where a page would lead to the sign-in.
    """
    resident = resident_for(request)
    if resident is None:
        return JsonResponse({"error": "signed_out"}, status=401)
    if request.method == "GET":
        answer: HttpResponse = JsonResponse(
            {"csrf": get_token(request), "who": mark_of(resident.pk)}
        )
        name_browser(request, answer)
        return answer
    try:
        device_now, entries = read_batch(request)
        answers = take_from_resident(resident, browser_of(request), entries, device_now)
    except (BadBatch, Refused) as error:
        return JsonResponse({"error": str(getattr(error, "code", "not_a_batch"))}, status=400)
    return answers_json(answers)


def _refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return render(
        request,
        "attendance/check_in_refused.html",
        {"sentence": sentence_for(refusal), "code": refusal.code},
        status=409,
    )


def _checked_in(request: HttpRequest, outcome: CheckIn) -> HttpResponse:
    place = outcome.record.municipality
    own = "attendance/own.html"  # what else this phone has kept
    return _show(request, "attendance/checked_in.html", place, after=own, outcome=outcome)


def _show(
    request: HttpRequest, page: str, place: Municipality, *, after: str = "", **context: Any
) -> HttpResponse:
    """A page about one municipality's activity.

    Whether it is made up, the municipality says: the portal's usual answer, which is about all
    of them, would be one more query and one more change of schema.
    """
    made_up = place.is_demonstration
    return render_in_frame(request, page, context, is_demonstration=made_up, after=after)
