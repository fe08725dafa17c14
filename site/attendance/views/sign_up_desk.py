"""A session's sign-ups by how they stand, for staff: accept, decline, draw, print."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from activities.models import Session
from activities.queries import session_for_staff
from attendance.enums import SignUpStatus
from attendance.models import SignUp
from attendance.operations.signing_up.deciding import accept, decline
from attendance.operations.signing_up.drawing import draw
from attendance.queries import all_sign_ups_for, draw_of, sign_ups_for
from attendance.rules.components import ComponentSum, held_of, sums
from attendance.views.participants import opened_to
from attendance.views.sentences import sentence_for
from common import clock
from common.refusal import Refused
from common.spreadsheets import xlsx_bytes
from tenants.views.confirm import recently_confirmed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SIGNS = 300
# In the order of the work: who waits for an answer first.
_SHOWN = (
    SignUpStatus.APPLIED,
    SignUpStatus.SIGNED_UP,
    SignUpStatus.OFFERED,
    SignUpStatus.WAITING,
    SignUpStatus.DECLINED,
    SignUpStatus.LAPSED,
    SignUpStatus.WITHDRAWN,
    SignUpStatus.CANCELLED,
)
# On paper: who is expected, and who comes next.
_LISTED = (SignUpStatus.SIGNED_UP, SignUpStatus.WAITING)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up_desk(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Whoever may not edit the activity gets a 404. Names, age groups and numbers of companions;
    telephone numbers of whom this member of staff has opened them (`views.participants`)."""
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    sentence = _decide(request, session) if request.method == "POST" else ""
    if request.method == "POST" and not sentence:
        return redirect(request.path)
    return _page(request, session, sentence)


@never_cache
@require_safe
def sign_up_list(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The list to print and take to the venue: who has a place, and who stands in line."""
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    municipality = request.municipality  # type: ignore[attr-defined]
    rows = list(all_sign_ups_for(municipality, session_uuid))
    opened = opened_to(request, rows)
    groups = [(status, _of(rows, status, opened)) for status in _LISTED]
    listed = [is_open for _status, found in groups for _row, is_open in found]
    return render(
        request,
        "attendance/admin/sign_up_list.html",
        {
            "session": session.snapshot(),
            "groups": groups,
            "sums": booked_sums(session, rows),
            "has_rows": bool(listed),
            "is_closed": not all(listed),
        },
    )


@never_cache
@require_safe
@recently_confirmed()
def sign_up_file(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Who has a place and what they have booked along, with sums, as a spreadsheet; without
    telephone numbers: those are opened one purpose at a time, and not taken away. As with every
    file of people, the second factor has to be recent."""
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    rows = list(sign_ups_for(request.municipality, session_uuid))  # type: ignore[attr-defined]
    booked = booked_sums(session, rows)
    head = [_("Name"), _("Age group"), _("Companions"), *[one.name for one in booked]]
    lines: list[list[Any]] = [
        [row.name, row.get_age_group_display(), row.extra, *held_of(row.booked, booked)]
        for row in rows
    ]
    if booked:
        lines.append([_("In all"), "", "", *[one.booked for one in booked]])
    answer = HttpResponse(xlsx_bytes([head, *lines], title=session.page.title), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="sign-ups-{session.day:%Y%m%d}.xlsx"'
    return answer


def _decide(request: HttpRequest, session: Session) -> str:
    """Do what a button says; the sentence of a refusal, "" where it was done."""
    municipality = request.municipality  # type: ignore[attr-defined]
    user = cast(User, request.user)  # the admin is for who is signed in
    try:
        if "draw" in request.POST:
            draw(municipality, session.uuid, user)
            messages.success(request, _("The draw has been held. Everybody has been told."))
        elif key := request.POST.get("accept"):
            accept(municipality, session.uuid, _number(key), user)
            messages.success(request, _("Accepted. The applicant has been told."))
        elif key := request.POST.get("decline"):
            reason = request.POST.get("reason", "")[:_MOST_SIGNS]
            decline(municipality, session.uuid, _number(key), user, reason)
            messages.success(request, _("Declined. The applicant has been told why."))
    except Refused as refusal:
        return sentence_for(refusal)
    return ""


def _number(key: str) -> int:
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        raise Refused("sign_up_gone")
    return int(key)


def _page(request: HttpRequest, session: Session, sentence: str) -> HttpResponse:
    municipality = request.municipality  # type: ignore[attr-defined]
    rows = list(all_sign_ups_for(municipality, session.uuid))
    opened = opened_to(request, rows)
    made = draw_of(session.uuid) if session.mode == "lottery" else None
    begun = session.has_begun
    context: dict[str, Any] = {
        "session": session.snapshot(),
        "groups": [(status, _of(rows, status, opened)) for status in _SHOWN],
        "sums": booked_sums(session, rows),
        "people": sum(row.party for row in rows if row.status == SignUpStatus.SIGNED_UP),
        "draw": made,
        "can_draw": bool(
            session.mode == "lottery"
            and not begun
            and (made is None or made.drawn_at is None)
            and clock.now() >= (session.apply_until or session.starts_at)
        ),
        "can_decide": not begun,
        "can_accept": not begun and session.mode != "lottery",
        "reason": request.POST.get("reason", "") if sentence else "",
        "reason_of": request.POST.get("decline", "") if sentence else "",
        "sentence": sentence,
    }
    return render(
        request, "attendance/admin/sign_up_desk.html", context, status=409 if sentence else 200
    )


def booked_sums(session: Session, rows: Iterable[SignUp]) -> list[ComponentSum]:
    """What those of `rows` who hold a place have booked along, in all; empty where nothing is
    offered nor booked."""
    return sums(session.page.package, [row.booked for row in rows if row.holds_place])


def _of(rows: list[SignUp], status: SignUpStatus, opened: set[Any]) -> list[tuple[SignUp, bool]]:
    return [(row, row.resident_id in opened) for row in rows if row.status == status]
