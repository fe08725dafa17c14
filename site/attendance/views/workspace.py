"""Who comes and who came, and the check-in, for the organisation that runs a session: no more than
it needs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from activities.models import Session
from activities.queries import session_of
from activities.registry import workspace_links_for
from attendance.forms.desk import DeviceForm, WalkInForm
from attendance.models import SignUp
from attendance.operations.scans.overview import (
    live_count,
)
from attendance.queries import all_sign_ups_for, key_number_of, records_for, sign_ups_for
from attendance.rules.components import held_of
from attendance.rules.moves import HOLDING
from attendance.rules.window import devices_from
from attendance.views.session_actions import of_the_organiser, press, running
from attendance.views.sign_up_desk import XLSX, booked_sums
from common import clock
from common.qr import qr_svg
from common.spreadsheets import xlsx_bytes
from organisations.permissions import for_members


@for_members
@require_safe
def workspace_sign_ups(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Name, age group and telephone number of those with a place, to be read on a phone or
    printed."""
    session = _session(request, session_uuid)
    rows, came = _who_comes(request, session_uuid)
    every = all_sign_ups_for(request.municipality, session_uuid)  # type: ignore[attr-defined]
    holding = list(every.filter(status__in=HOLDING))
    return render(
        request,
        "attendance/workspace_sign_ups.html",
        {
            "session": session,
            "rows": rows,
            "came": came,
            "sums": booked_sums(session, holding),
            "has_offers": len(holding) > len(rows),
        },
    )


@for_members
@require_safe
def workspace_sign_ups_file(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The same list as a spreadsheet."""
    session = _session(request, session_uuid)
    rows, _came = _who_comes(request, session_uuid)
    head = [
        _("Name"), _("Age group"), _("Telephone number"), _("Companions"),
        _("Guardian's name"), _("Guardian's telephone number"), _("Took part"),
    ]  # fmt: skip
    booked = booked_sums(session, [sign_up for sign_up, _is_here in rows])
    head += [one.name for one in booked]
    lines = [
        [
            sign_up.name, sign_up.get_age_group_display(), sign_up.phone, sign_up.extra,
            sign_up.guardian_name, sign_up.guardian_phone, _("Yes") if is_here else "",
            *held_of(sign_up.booked, booked),
        ]
        for sign_up, is_here in rows
    ]  # fmt: skip
    if booked:
        lines.append([_("In all"), *[""] * 6, *[one.booked for one in booked]])
    answer = HttpResponse(xlsx_bytes([head, *lines], title=session.page.title), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="sign-ups-{session.day:%Y%m%d}.xlsx"'
    return answer


@for_members
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_check_in(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The check-in of a session of the organisation's own: counter, devices, people entered by
    hand, the confirmed list.

    A POST names its `action`, as on staff's screen; what was read and has to be decided stays
    staff's.
    """
    session = _session(request, session_uuid)
    forms: dict[str, Form] = {}
    link = ""
    if request.method == "POST":
        user = request.resident.user  # type: ignore[attr-defined]
        organisation = request.membership.organisation  # type: ignore[attr-defined]
        forms, link = press(request, session, user, of_the_organiser(organisation))
        if not forms and not link:
            # The form that was sent may stand far below: the answer is read at the top.
            return redirect(f"{request.path}#main")
    return render(
        request,
        "attendance/workspace_check_in.html",
        _context(request, session, forms, link),
        status=400 if forms else 200,
    )


@for_members
@require_safe
def workspace_count(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The counter alone, as a piece of the page, for asking every few seconds."""
    _session(request, session_uuid)
    count = live_count(request.municipality, session_uuid)  # type: ignore[attr-defined]
    return render(request, "attendance/workspace_count.html", {"count": count})


def _session(request: HttpRequest, session_uuid: UUID) -> Session:
    session = session_of(request.membership.organisation_id, session_uuid)  # type: ignore[attr-defined]
    if session is None:
        raise Http404
    return session


def _who_comes(request: HttpRequest, session_uuid: UUID) -> tuple[list[tuple[SignUp, bool]], int]:
    """Sign-ups, each with whether they took part; and how many took part."""
    municipality = request.municipality  # type: ignore[attr-defined]
    came = {record.resident_id for record in records_for(municipality, session_uuid)}
    rows = [
        (sign_up, sign_up.resident_id in came)
        for sign_up in sign_ups_for(municipality, session_uuid)
    ]
    return rows, len(came)


def _context(
    request: HttpRequest, session: Session, forms: dict[str, Form], link: str
) -> dict[str, Any]:
    municipality = request.municipality  # type: ignore[attr-defined]
    opens_at = devices_from(session.starts_at)
    first_label = pgettext("name of a device", "Reception")
    return {
        "session": session,
        **running(municipality, session, key_number_of(municipality, session.uuid)),
        "devices_from": opens_at if clock.now() < opens_at else None,
        "device_form": forms.get("device") or DeviceForm(initial={"label": first_label}),
        "walk_in_form": forms.get("walk_in") or WalkInForm(),
        "papers": [
            (label, url) for label, url in workspace_links_for(session) if url != request.path
        ],
        "faults": [
            error
            for name, form in forms.items()
            if name not in {"device", "walk_in"}  # they say it themselves
            for error in form.errors.values()
        ],
        "link": link,
        "link_qr": qr_svg(link, "M", label=_("Link for the phone")) if link else "",
    }
