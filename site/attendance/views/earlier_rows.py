"""Rows of lists taken over, in the municipality's admin: who waits, who decides, taking back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from attendance.enums import EarlierStatus
from attendance.forms.earlier import UndoForm
from attendance.models import EarlierRecord, ImportBatch
from attendance.models.earlier import OPEN
from attendance.operations.earlier.codes import issue_code, open_code_of, printable_code
from attendance.operations.earlier.deciding import drop, give_to, let_wait
from attendance.operations.earlier.matching import candidates_of
from attendance.operations.earlier.undoing import undo_batch
from attendance.views.earlier import PER_PAGE, importer, place_of
from common.refusal import Refused
from privacy.enums import Particular, StaffPurpose
from privacy.operations.access import record_at_work
from tenants.hosts import portal_url

# What stands beside a row of those it may be of, and what they read was shown.
SHOWN = (
    Particular.NAME,
    Particular.KANA,
    Particular.NUMBER,
    Particular.BIRTH_DATE,
    Particular.PHONE,
)


@importer
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One list: what became of its rows."""
    found = _batch(request, pk)
    return _batch_page(request, found, UndoForm())


@importer
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the whole list back."""
    found, form = _batch(request, pk), UndoForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, found, form)
    undo_batch(place_of(request), pk, request.user, form.cleaned_data["reason"])  # type: ignore[arg-type]
    messages.success(request, _("The list has been taken back."))
    return redirect("attendance_earlier_batch", pk)


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    rows = ImportBatch.objects.select_related("taken_by", "undone_by")
    return get_object_or_404(rows, municipality=place_of(request), pk=pk)


def _batch_page(request: HttpRequest, found: ImportBatch, form: UndoForm) -> HttpResponse:
    state = _state(request)
    rows = EarlierRecord.objects.filter(batch=found, **({"status": state} if state else {}))
    return render(
        request,
        "attendance/admin/earlier_batch.html",
        {
            "page_title": found.file_name,
            "header_icon": "history",
            "batch": found,
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "states": EarlierStatus.choices,
            "state": state,
            "form": form,
        },
    )


@importer
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Rows of all lists that have not found their person; those to decide on come first."""
    state = _state(request)
    rows = EarlierRecord.objects.filter(municipality=place_of(request))
    rows = rows.filter(status=state) if state else rows.filter(status__in=OPEN)
    return render(
        request,
        "attendance/admin/earlier_waiting.html",
        {
            "page_title": _("People of earlier participations"),
            "header_icon": "user",
            "page": Paginator(rows.order_by("status", "pk"), PER_PAGE).get_page(
                request.GET.get("page")
            ),
            "states": EarlierStatus.choices,
            "state": state,
        },
    )


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in EarlierStatus.values else ""


@importer
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One row beside the registrants it may be of. POST decides: `to` (a registrant), `wait` or
    `drop`; or makes a code for a letter: `code`."""
    row = _row(request, pk)
    if request.method == "POST":
        return _decide(request, row)
    candidates = candidates_of(row) if row.is_open else []
    for candidate in candidates:
        record_at_work(
            place_of(request), candidate.resident, request.user, StaffPurpose.ACTIVITY, SHOWN
        )
    return render(
        request,
        "attendance/admin/earlier_one.html",
        {
            "page_title": _("Whose participation is it?"),
            "header_icon": "user",
            "row": row,
            "person": row.person,
            "candidates": candidates,
            "code": open_code_of(row) if row.is_open else None,
        },
    )


def _decide(request: HttpRequest, row: EarlierRecord) -> HttpResponse:
    place, user = place_of(request), request.user
    try:
        if "code" in request.POST:
            issue_code(row, user)  # type: ignore[arg-type]
            return redirect("attendance_earlier_letter", row.pk)
        if "to" in request.POST:
            give_to(place, row.pk, _uuid(request.POST["to"]), user)  # type: ignore[arg-type]
        elif "drop" in request.POST:
            drop(place, row.pk, user)  # type: ignore[arg-type]
        else:
            let_wait(place, row.pk, user)  # type: ignore[arg-type]
    except Refused as refusal:
        messages.error(request, _sentence(refusal))
    else:
        messages.success(request, _("Your decision has been recorded."))
    return redirect("attendance_earlier_one", row.pk)


def _sentence(refusal: Refused) -> str:
    return {
        "settled": _("This participation has found its person meanwhile."),
        "no_candidate": _("This registrant does not agree with the list any more."),
    }[refusal.code]


@importer
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The code, to print and post; for whoever made it, for an hour."""
    row = _row(request, pk)
    code = open_code_of(row) if row.is_open else None
    return render(
        request,
        "attendance/admin/earlier_letter.html",
        {
            "row": row,
            "person": row.person,
            "code": code,
            "written": printable_code(code, request.user),  # type: ignore[arg-type]
            "url": portal_url("/my/earlier/"),
            "municipality": place_of(request),
        },
    )


def _row(request: HttpRequest, pk: int) -> EarlierRecord:
    rows = EarlierRecord.objects.select_related("batch", "municipality", "decided_by")
    return get_object_or_404(rows, municipality=place_of(request), pk=pk)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
