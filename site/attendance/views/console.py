"""The check-in of a session in the municipality's admin: devices, codes, reviews, outcomes."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from activities.queries import session_for_staff
from activities.registry import links_for
from attendance.enums import ScanDecision
from attendance.forms.desk import (
    DeviceForm,
    PaperListForm,
    ReportReviewForm,
    ReviewForm,
    WalkInForm,
    WithdrawCodeForm,
)
from attendance.models import SignUp
from attendance.operations.ledger.amend import most_hours
from attendance.operations.reports import review_report
from attendance.operations.scans.overview import (
    entered_elsewhere,
    live_count,
    not_recorded,
    odd_readings,
    recorded_elsewhere,
    reports_for,
    waiting_for_review,
)
from attendance.operations.scans.review import review_scan
from attendance.operations.session_codes import withdraw_code
from attendance.queries import key_number_of
from attendance.views.session_actions import Action, of_the_organiser, press, running
from attendance.views.venue_sentences import sentence_of_oddity, sentence_of_scan
from common.qr import qr_svg
from tenants.models import Municipality


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in_console(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """Everything about the check-in of one session, for who may edit the activity; else 404.

    A POST names its `action`. What is refused is said on the page, with what was entered.
    """
    session = _session(request, session_uuid)
    forms: dict[str, Form] = {}
    link = ""
    if request.method == "POST":
        forms, link = press(request, session, cast(User, request.user), _ACTIONS)
        if not forms and not link:
            return redirect(request.path)
    # A link is shown once, in the answer to the press that made it: nothing keeps its secret.
    return render(
        request,
        "attendance/admin/console.html",
        _context(request, session, forms, link),
        status=400 if forms else 200,
    )


@never_cache
@require_safe
def check_in_count(request: HttpRequest, session_uuid: UUID) -> HttpResponse:
    """The counter alone, as a piece of the page, for asking every few seconds."""
    _session(request, session_uuid)
    count = live_count(request.municipality, session_uuid)  # type: ignore[attr-defined]
    return render(request, "attendance/admin/count.html", {"count": count})


def _session(request: HttpRequest, session_uuid: UUID) -> Any:
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    return session


def _context(
    request: HttpRequest, session: Any, forms: dict[str, Form], link: str
) -> dict[str, Any]:
    municipality = request.municipality  # type: ignore[attr-defined]
    uuid = session.uuid
    number = key_number_of(municipality, uuid)
    return {
        "session": session.snapshot(),
        **running(municipality, session, number),
        "waiting": [
            (scan, sentence_of_scan(scan.classification, scan.reason))
            for scan in waiting_for_review(municipality, uuid)
        ],
        "odd": [
            (sentence_of_oddity(oddity.code), scans)
            for oddity, scans in odd_readings(municipality, uuid)
        ],
        "odd_records": [
            (sentence_of_oddity(code), found)
            for code, records in (
                ("two_places", entered_elsewhere(municipality, uuid)),
                ("elsewhere", recorded_elsewhere(municipality, uuid)),
            )
            if (found := list(records))
        ],
        "paper": _paper_rows(municipality, session, forms.get("paper")),
        "walk_in_form": forms.get("walk_in") or WalkInForm(),
        "takes_walk_ins": session.has_begun
        and not (session.page.is_remote or session.is_cancelled),
        "reports": reports_for(municipality, uuid),
        "most_hours": most_hours(session.hours),
        "is_over": session.is_over,
        "device_form": forms.get("device") or DeviceForm(),
        "withdraw_form": forms.get("withdraw") or WithdrawCodeForm(initial={"number": number}),
        "decisions": ScanDecision.choices,
        "papers": [(label, url) for label, url in links_for(session) if url != request.path],
        "faults": [error for form in forms.values() for error in form.errors.values()],
        "link": link,
        "link_qr": qr_svg(link, "M", label=_("Link for the phone")) if link else "",
    }


def _paper_rows(
    municipality: Municipality, session: Any, form: Form | None
) -> list[tuple[SignUp, bool, str]]:
    """Whom the paper list can name, with what was ticked and entered before it was refused."""
    if session.page.is_remote or not session.has_begun:
        return []
    came = form.came if isinstance(form, PaperListForm) else set()
    return [
        (place, place.pk in came, form.data.get(f"hours_{place.pk}", "") if form else "")
        for place in not_recorded(municipality, session.uuid)
    ]


def _withdraw(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    withdraw_code(place, session.uuid, data["number"], data["reason"], by)


def _review(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    decision = ScanDecision(data["decision"])
    review_scan(place, session.uuid, data["scan"], decision, data["reason"], by)


def _report(place: Municipality, session: Any, data: dict[str, Any], by: User) -> None:
    accept = data["accept"] == "yes"
    review_report(place, session.uuid, data["report"], accept=accept, reason=data["reason"], by=by)


_ACTIONS: dict[str, Action] = {
    **of_the_organiser(),
    "withdraw": (WithdrawCodeForm, _withdraw),
    "review": (ReviewForm, _review),
    "report": (ReportReviewForm, _report),
}
