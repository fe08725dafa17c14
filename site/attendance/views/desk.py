"""The scanning device on a municipality's host: how a phone becomes one, its data, its batches."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.codes.day import day_codes
from attendance.codes.passes import VALID_FOR, handles_of, public_keys
from attendance.codes.venue import (
    STEP_SECONDS,
    code_url,
    rotating_secret,
    rotating_token,
)
from attendance.models import ScanDevice
from attendance.operations.devices import device_with, enrol
from attendance.operations.scans.batch import take_from_device
from attendance.operations.scans.overview import live_count
from attendance.operations.scans.places import Venue, venue_here
from attendance.queries import records_for, sign_ups_for
from attendance.rules.window import device_ends_at
from attendance.views.batches import BadBatch, answers_json, read_batch
from attendance.views.cookies import desk_cookie, set_desk_cookie
from attendance.views.sentences import sentence_for
from attendance.views.surface import desk_surface
from attendance.views.venue_words import desk_words
from common import clock
from common.qr import qr_svg
from common.refusal import Refused
from tenants.actors import acting
from tenants.actors import device as as_device

P = ParamSpec("P")
_DAY = timedelta(days=1)


def device_required(
    view: Callable[Concatenate[HttpRequest, ScanDevice, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Lets in a phone whose cookie is a device's of this municipality, and acts as that device:
    whoever else is signed in on this phone has no part in it. Others get 401."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        municipality = request.municipality  # type: ignore[attr-defined]
        device = device_with(municipality, desk_cookie(request))
        if device is None:
            return JsonResponse({"error": "not_a_device"}, status=401)
        with acting(as_device(device.pk)):
            return view(request, device, *args, **kwargs)

    return guarded


@never_cache
@require_http_methods(["GET", "POST"])
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A link that staff made: GET explains, POST makes this phone the device.

    Not at once: programs that look at links before people do would use it up. Afterwards the
    secret is gone from the address.
    """
    if request.method == "GET":
        return render(request, "attendance/desk_link.html")
    try:
        device, cookie = enrol(request.municipality, secret)  # type: ignore[attr-defined]
    except Refused as refusal:
        sentence = sentence_for(refusal)
        return render(request, "attendance/desk_link.html", {"sentence": sentence}, status=409)
    answer = redirect("attendance:desk")
    set_desk_cookie(answer, cookie, device.ends_at)
    return answer


@never_cache
@require_safe
@desk_surface
def desk(request: HttpRequest) -> HttpResponse:
    """The device's page: which session, and how many have come."""
    municipality = request.municipality  # type: ignore[attr-defined]
    device = device_with(municipality, desk_cookie(request))
    if device is None:
        return render(request, "attendance/desk_closed.html", status=401)
    with acting(as_device(device.pk)):
        venue = venue_here(municipality.code, device.session_uuid)
        count = live_count(municipality, device.session_uuid)
        return render(
            request,
            "attendance/desk.html",
            {
                "device": device,
                "session": venue and venue.session,
                "count": count,
                "day_code": venue and _day_code(venue),
                "words": desk_words(),
            },
        )


@never_cache
@require_safe
def desk_code(request: HttpRequest) -> HttpResponse:
    """The changing code as a picture, for a browser without scripts; it loads itself anew."""
    municipality = request.municipality  # type: ignore[attr-defined]
    device = device_with(municipality, desk_cookie(request))
    venue = venue_here(municipality.code, device.session_uuid) if device is not None else None
    if venue is None:
        return render(request, "attendance/desk_closed.html", status=401)
    session_uuid, number = venue.session.session_uuid, venue.place.key_number
    token = rotating_token(municipality.code, session_uuid, number, clock.now())
    code = qr_svg(code_url(token), "M", label=_("Changing code"))
    answer = render(request, "attendance/desk_code.html", {"qr": code})
    answer["Refresh"] = str(STEP_SECONDS)
    return answer


@require_safe
@device_required
def desk_data(request: HttpRequest, device: ScanDevice) -> HttpResponse:
    """All that the device needs to go on without a network. 410 where the session is no more."""
    municipality = request.municipality  # type: ignore[attr-defined]
    venue = venue_here(municipality.code, device.session_uuid)
    if venue is None:
        return JsonResponse({"error": "session_gone", "csrf": get_token(request)}, status=410)
    window = venue.place.window
    return JsonResponse(
        {
            "csrf": get_token(request),
            "now": _ms(clock.now()),
            "device": {"id": str(device.pk), "label": device.label},
            "session": {
                "uuid": str(device.session_uuid),
                "title": venue.session.activity_title,
                "place": venue.session.place,
                "day": venue.place.day.isoformat(),
                "starts_at": _ms(venue.session.starts_at),
                "ends_at": _ms(venue.session.ends_at),
            },
            "window": {
                "opens_at": _ms(window.opens_at),
                "closes_at": _ms(window.closes_at),
                "sending_until": _ms(max(device.ends_at, device_ends_at(window))),
            },
            "pass_keys": public_keys(),
            "day_code": _day_code(venue),
            "rotating": _rotating(municipality.code, venue),
            "sign_ups": _sign_ups(municipality, device),
            "count": _count(municipality, device),
        }
    )


@require_safe
@device_required
def desk_count(request: HttpRequest, device: ScanDevice) -> HttpResponse:
    """The counter, for asking every few seconds."""
    return JsonResponse(_count(request.municipality, device))  # type: ignore[attr-defined]


@require_POST
@device_required
def desk_scans(request: HttpRequest, device: ScanDevice) -> HttpResponse:
    """A batch of passes that the device read; see `attendance.views.batches`."""
    try:
        device_now, entries = read_batch(request)
        return answers_json(take_from_device(device, entries, device_now))
    except (BadBatch, Refused) as error:
        return JsonResponse({"error": str(getattr(error, "code", "not_a_batch"))}, status=400)


def _day_code(venue: Venue) -> str:
    """None ("") where the six digits do not record participation."""
    if venue.place.changing_code_only:
        return ""
    return day_codes(venue.session.session_uuid, venue.place.day, venue.place.key_number)[0]


def _rotating(code: str, venue: Venue) -> dict[str, Any]:
    kid, secret = rotating_secret(code, venue.session.session_uuid, venue.place.key_number)
    return {
        "kid": kid,
        "municipality": int(code),
        "key_number": venue.place.key_number,
        "secret": urlsafe_b64encode(secret).decode("ascii").rstrip("="),
        "step_seconds": STEP_SECONDS,
        "address": code_url(""),
    }


def _sign_ups(municipality: Any, device: ScanDevice) -> list[dict[str, Any]]:
    """Names for the desk, with the handles by which it knows a pass of theirs while they hold:
    of nobody else can it tell whose a pass is."""
    came = set(records_for(municipality, device.session_uuid).values_list("resident_id", flat=True))
    today = clock.today()
    days = [today + _DAY * n for n in range(-VALID_FOR.days, 2)]
    return [
        {
            "name": place.name,
            "status": place.status,
            "came": place.resident_id in came,
            "handles": handles_of(place.resident_id, days),
        }
        for place in sign_ups_for(municipality, device.session_uuid)
    ]


def _count(municipality: Any, device: ScanDevice) -> dict[str, Any]:
    count = asdict(live_count(municipality, device.session_uuid))
    return {**count, "last_at": count["last_at"] and _ms(count["last_at"])}


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
