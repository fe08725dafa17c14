"""The check-in of a session in the municipality's admin: devices, codes, reviews, outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from activities.queries import session_for_staff
from activities.registry import links_for
from attendance.codes.day import day_codes
from attendance.enums import Attendance, ScanDecision
from attendance.forms.desk import (
    DeviceForm,
    OutcomeForm,
    PaperListForm,
    ReportReviewForm,
    ReviewForm,
    WithdrawCodeForm,
)
from attendance.models import SessionClosing, SignUp
from attendance.operations.devices import end_device, make_device
from attendance.operations.outcomes import close_session, say_outcome
from attendance.operations.paper_list import enter_paper_list
from attendance.operations.reports import review_report
from attendance.operations.scans.overview import (
    devices_of,
    live_count,
    missing_numbers,
    not_recorded,
    odd_readings,
    outcomes_of,
    recorded_elsewhere,
    reports_for,
    waiting_for_review,
)
from attendance.operations.scans.review import review_scan
from attendance.operations.session_codes import withdraw_code
from attendance.queries import key_number_of
from attendance.views.sentences import sentence_for
from attendance.views.venue_sentences import sentence_of_oddity, sentence_of_scan
from common.qr import qr_svg
from common.refusal import Refused


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
        action = request.POST.get("action", "")
        if action not in _ACTIONS:
            raise Http404
        form_class, act = _ACTIONS[action]
        form = form_class(request.POST)
        if form.is_valid():
            try:
                link = act(request, session, form.cleaned_data) or ""
            except Refused as refusal:
                messages.error(request, sentence_for(refusal))
                return redirect(request.path)
            if not link:
                messages.success(request, _("It is done."))
                return redirect(request.path)
        else:
            forms[action] = form
    # A link is shown once, in the answer to the press that made it: nothing keeps its secret.
    return render(request, "attendance/admin/console.html", _context(request, session, forms, link))


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
    missing = missing_numbers(municipality, uuid)
    return {
        "session": session.snapshot(),
        "count": live_count(municipality, uuid),
        "devices": [
            (device, missing.get(device.pk, [])) for device in devices_of(municipality, uuid)
        ],
        "waiting": [
            (scan, sentence_of_scan(scan.classification, scan.reason))
            for scan in waiting_for_review(municipality, uuid)
        ],
        "odd": [
            (sentence_of_oddity(oddity.code), scans)
            for oddity, scans in odd_readings(municipality, uuid)
        ],
        "elsewhere": list(recorded_elsewhere(municipality, uuid)),
        "sentence_elsewhere": sentence_of_oddity("elsewhere"),
        "paper": _paper_rows(session, municipality, forms.get("paper")),
        "outcomes": outcomes_of(municipality, uuid),
        "reports": reports_for(municipality, uuid),
        "closing": SessionClosing.objects.filter(session_uuid=uuid).first(),
        "is_over": session.is_over,
        "day_code": day_codes(uuid, session.day, number)[0],
        "device_form": forms.get("device") or DeviceForm(),
        "withdraw_form": forms.get("withdraw") or WithdrawCodeForm(initial={"number": number}),
        "attendance": Attendance.choices,
        "decisions": ScanDecision.choices,
        "papers": [(label, url) for label, url in links_for(session) if url != request.path],
        "faults": [error for form in forms.values() for error in form.errors.values()],
        "link": link,
        "link_qr": qr_svg(link, "M", label=_("Link for the phone")) if link else "",
    }


def _paper_rows(
    session: Any, municipality: Any, form: Form | None
) -> list[tuple[SignUp, bool, str]]:
    """Whom the paper list can name, with what was ticked and entered before it was refused."""
    if session.page.is_remote or not session.has_begun:
        return []
    came = form.came if isinstance(form, PaperListForm) else set()
    return [
        (place, place.pk in came, form.data.get(f"hours_{place.pk}", "") if form else "")
        for place in not_recorded(municipality, session.uuid)
    ]


def _make_device(request: HttpRequest, session: Any, data: dict[str, Any]) -> str:
    municipality = request.municipality  # type: ignore[attr-defined]
    user: Any = request.user
    return make_device(municipality, session.snapshot(), data["label"], user).url


def _end_device(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    try:
        device_id = UUID(request.POST.get("device", ""))
    except ValueError:
        raise Http404 from None
    end_device(request.municipality, device_id, request.user)  # type: ignore[attr-defined, arg-type]


def _withdraw(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    municipality = request.municipality  # type: ignore[attr-defined]
    user: Any = request.user
    withdraw_code(municipality, session.uuid, data["number"], data["reason"], user)


def _review(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    municipality = request.municipality  # type: ignore[attr-defined]
    user: Any = request.user
    decision = ScanDecision(data["decision"])
    review_scan(municipality, session.uuid, data["scan"], decision, data["reason"], user)


def _outcome(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    municipality = request.municipality  # type: ignore[attr-defined]
    user: Any = request.user
    outcome = Attendance(data["outcome"])
    say_outcome(municipality, session.uuid, data["sign_up"], outcome, user, hours=data["hours"])


def _paper(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    municipality = request.municipality  # type: ignore[attr-defined]
    user: Any = request.user
    enter_paper_list(municipality, session.uuid, data["ticked"], user)


def _report(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    municipality = request.municipality  # type: ignore[attr-defined]
    user: Any = request.user
    accept = data["accept"] == "yes"
    review_report(
        municipality, session.uuid, data["report"], accept=accept, reason=data["reason"], by=user
    )


def _close(request: HttpRequest, session: Any, data: dict[str, Any]) -> None:
    close_session(request.municipality, session.uuid, request.user)  # type: ignore[attr-defined, arg-type]


_Act = Callable[[HttpRequest, Any, dict[str, Any]], str | None]
_ACTIONS: dict[str, tuple[type[Form], _Act]] = {
    "device": (DeviceForm, _make_device),
    "end_device": (Form, _end_device),
    "withdraw": (WithdrawCodeForm, _withdraw),
    "review": (ReviewForm, _review),
    "outcome": (OutcomeForm, _outcome),
    "paper": (PaperListForm, _paper),
    "report": (ReportReviewForm, _report),
    "close": (Form, _close),
}
