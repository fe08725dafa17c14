"""What a resident has signed up for, in every municipality, on the portal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import resident_required
from attendance.codes.feed import feed_token
from attendance.models import SignUp
from attendance.operations.calendar import calendar_file, end_feed, read_feed, renew_feed
from attendance.operations.sign_ups import withdraw_sign_up
from attendance.operations.signing_up.answering import accept_offer
from attendance.queries import all_sign_ups_of, feed_of, numbers_in_line
from attendance.views.sentences import sentence_for
from common import clock
from common.refusal import Refused
from tenants.hosts import portal_url

_CALENDAR = "text/calendar; charset=utf-8"
_SHOWN_FOR = timedelta(days=31)


@never_cache
@resident_required
@require_safe
def my_sign_ups(request: HttpRequest) -> HttpResponse:
    """Places, offers to answer, positions in line, applications; then what is over of late."""
    return _page(request)


@never_cache
@resident_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an offered place, or gives back a place, an offer, a position or an application."""
    resident = request.resident  # type: ignore[attr-defined]
    row = _own(request, pk)
    try:
        if "accept" in request.POST:
            accept_offer(resident, pk)
            messages.success(request, _("You have a place. We look forward to seeing you."))
        elif "withdraw" in request.POST:
            withdraw_sign_up(resident, row.session_uuid)
            messages.success(request, _("You have given back your place."))
    except Refused as refusal:
        return _page(request, sentence_for(refusal))
    return redirect("attendance:my_sign_ups")


@never_cache
@resident_required
@require_safe
def calendar_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One sign-up as a file that a calendar takes in."""
    body = calendar_file([_own(request, pk)], with_booked=True)
    return HttpResponse(
        body,
        content_type=_CALENDAR,
        headers={"Content-Disposition": 'attachment; filename="activity.ics"'},
    )


@never_cache
@resident_required
@require_POST
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Makes an address for calendars, a new one in its place, or none."""
    resident = request.resident  # type: ignore[attr-defined]
    if "end" in request.POST:
        end_feed(resident)
        messages.success(request, _("The address no longer works."))
    else:
        renew_feed(resident)
        messages.success(request, _("The address for your calendar is ready."))
    return redirect("attendance:my_sign_ups")


@never_cache
@require_http_methods(["GET", "HEAD"])
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Behind a resident's address: read by calendars, which sign in nowhere."""
    body = read_feed(token)
    if body is None:
        raise Http404
    return HttpResponse(body, content_type=_CALENDAR, headers={"X-Robots-Tag": "noindex"})


def _own(request: HttpRequest, pk: int) -> SignUp:
    resident = request.resident  # type: ignore[attr-defined]
    rows = SignUp.objects.filter(resident=resident, pk=pk)
    row = rows.select_related("municipality__local_government__prefecture").first()
    if row is None:
        raise Http404
    return row


def _can_change(row: SignUp, now: datetime) -> bool:
    """Until the start; an offer until its time is over, also where it has not lapsed yet."""
    return row.starts_at > now and (row.answer_by is None or row.answer_by > now)


def _page(request: HttpRequest, sentence: str = "") -> HttpResponse:
    resident = request.resident  # type: ignore[attr-defined]
    now = clock.now()
    rows = list(all_sign_ups_of(resident, now - _SHOWN_FOR))
    numbers = numbers_in_line(rows)
    coming = [row for row in rows if row.is_open and row.ends_at >= now]
    feed = feed_of(resident)
    return render(
        request,
        "attendance/my_sign_ups.html",
        {
            "coming": [(row, numbers.get(row.pk), _can_change(row, now)) for row in coming],
            "over": [row for row in rows if row not in coming],
            "sentence": sentence,
            "feed_url": portal_url(f"/calendar/{feed_token(feed.secret)}.ics") if feed else "",
        },
        status=409 if sentence else 200,
    )
