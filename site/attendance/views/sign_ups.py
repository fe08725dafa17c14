"""Signing up for a session, on the municipality's host."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import resident_required
from activities.models import Session
from activities.queries import session_by_uuid
from activities.rules.components import ComponentLeft, left_of
from attendance.enums import SignUpStatus
from attendance.forms.sign_ups import COMPONENT, SignUpForm, books_along
from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up, withdraw_sign_up
from attendance.queries import draw_of, numbers_in_line, totals_of
from attendance.queries.components import booked_components
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from identity.queries import standing_of
from tenants.models import Municipality


@never_cache
@resident_required
@require_http_methods(["GET", "POST"])
def sign_up_view(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Shows the session and asks once; POST signs up or gives back.

    Nothing that was entered is lost by a refusal: where the last place went meanwhile, the same
    form offers the waiting list.
    """
    resident = request.resident  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, session_uuid)
    if "withdraw" in request.POST:
        try:
            withdraw_sign_up(resident, session_uuid)
        except Refused as refusal:
            return _page(request, session_uuid, sentence=sentence_for(refusal))
        messages.success(request, _("You have given back your place."))
        return redirect(request.path)
    standing = standing_of(resident)
    # Where nothing is booked along nobody has to ask what could be.
    session = session_by_uuid(session_uuid) if books_along(request.POST) else None
    package = left_of(session.page.package, {}) if session else []
    entered = request.POST
    form = SignUpForm(entered, is_minor=standing.is_minor, package=package)
    if not form.is_valid():
        return _page(request, session_uuid, entered)
    place = request.municipality  # type: ignore[attr-defined]
    try:
        row = sign_up(resident, place, session_uuid, form.wish, standing)
    except Refused as refusal:
        return _page(request, session_uuid, entered, sentence=sentence_for(refusal), why=refusal)
    messages.success(request, _said(row))
    return redirect(request.path)


def _said(row: SignUp) -> str:
    match row.status:
        case SignUpStatus.APPLIED:
            return _("Your application has arrived. We write to you as soon as it is decided.")
        case SignUpStatus.WAITING:
            return _("You are on the waiting list. We write to you when a place is free for you.")
        case SignUpStatus.OFFERED:
            return _("A place is offered to you. Please answer on your page.")
    return _("You have a place. We look forward to seeing you.")


def _page(
    request: HttpRequest,
    session_uuid: UUID,
    entered: QueryDict | None = None,
    *,
    sentence: str = "",
    why: Refused | None = None,
) -> HttpResponse:
    """`sentence` is said above the page, or at the component that `why` is about."""
    session = session_by_uuid(session_uuid)
    if session is None:
        raise Http404
    resident, municipality = request.resident, request.municipality  # type: ignore[attr-defined]
    standing = standing_of(resident)
    package = _package(session, municipality)
    totals = totals_of(municipality, session.uuid, resident)
    own = totals.own if totals.own and totals.own.is_open else None
    if own:
        own.municipality = municipality
    left = None if session.capacity is None else max(session.capacity - totals.taken, 0)
    is_first_come = session.mode == "first_come"
    is_full = is_first_come and (left == 0 or (why is not None and why.code == "place_left"))
    form = SignUpForm(
        entered,
        is_minor=standing.is_minor,
        package=package,
        at_once=is_first_come and not is_full,
    )
    status = 409 if sentence else 422 if form.errors else 200
    field = f"{COMPONENT}{why.data.get('id')}" if why else ""
    if field in form.fields:
        form.add_error(field, sentence)
        sentence = ""
    context: dict[str, Any] = {
        "session": session.snapshot(),
        "place": own,
        "declined": totals.own if totals.own and totals.own.status == "declined" else None,
        "number": numbers_in_line([own]).get(own.pk) if own else None,
        "next_number": totals.waiting + 1,
        "places_left": left,
        "is_full": is_full,
        "sentence": sentence,
        "form": form,
        "draw": draw_of(session.uuid) if session.mode == "lottery" else None,
        "needs_guardian": own is None and standing.lacks_consent,
    }
    return render(request, "attendance/sign_up.html", context, status=status)


def _package(session: Session, municipality: Municipality) -> list[ComponentLeft]:
    """What can be booked along, in the reader's language, with what is left of it."""
    package = session.page.package_in(get_language())
    if not package:
        return []
    booked = booked_components(municipality, [session.uuid])
    return left_of(package, booked.get(session.uuid, {}))


@require_safe
def draw_result(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The draw of a session for everybody: its hash before, tickets and seed afterwards."""
    session, draw = session_by_uuid(session_uuid), draw_of(session_uuid)
    if session is None or draw is None:
        raise Http404
    seed = draw.seed if draw.drawn_at else ""
    return render(
        request,
        "attendance/draw.html",
        {"session": session.snapshot(), "draw": draw, "seed": seed},
    )
