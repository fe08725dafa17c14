"""The coordinators' work log, and the yearly summary for the special grant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from activities.forms.work_log import CoordinatorForm, OtherCostsForm, WorkForm
from activities.models import WorkEntry
from activities.operations.work_log import (
    keep_other_costs,
    log_work,
    register_coordinator,
    remove_work,
    take_off_register,
)
from activities.permissions import may_keep_register
from activities.queries.work_log import YearlySummary, yearly_summary
from activities.rules.special_grant import fiscal_year
from activities.views.staff_needs import coordinators_only
from common import clock
from common.refusal import Refused
from common.spreadsheets import csv_bytes, xlsx_bytes

FIRST_YEAR = 2026  # in which the scheme began
ENTRIES_PER_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _year_or_404(year: int) -> int:
    if not FIRST_YEAR <= year <= fiscal_year(clock.today()):
        raise Http404
    return year


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def work_log(request: HttpRequest) -> HttpResponse:
    """Everybody's entries of this fiscal year, and the form for one's own."""
    year = fiscal_year(clock.today())
    user: Any = request.user
    posted = request.method == "POST"
    if posted and (wanted := request.POST.get("remove", "")).isascii() and wanted.isdigit():
        remove_work(int(wanted), user)
        messages.success(request, _("The entry is gone."))
        return redirect("activities_work_log")
    form = WorkForm(request.POST if posted else None)
    if posted and form.is_valid():
        try:
            log_work(user, **form.values, client_key=form.key)
        except Refused as refusal:
            _explain(form, refusal)
        else:
            messages.success(request, _("The entry is in the log."))
            return redirect("activities_work_log")
    entries = WorkEntry.objects.in_year(year).select_related("activity")
    page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "activities/admin/work_log.html",
        {"form": form, "page": page, "year": year, "keeps_register": may_keep_register(user)},
    )


def _explain(form: WorkForm, refusal: Refused) -> None:
    match refusal.code:
        case "day_in_future":
            form.add_error("day", _("This day is yet to come."))
        case "too_many_hours":
            form.add_error(
                "hours",
                _("The day has 24 hours; %(left)s of them are left.")
                % {"left": f"{refusal.data['left'].normalize():f}"},  # type: ignore[attr-defined]
            )
        case _:
            form.renew_key()
            form.add_error(None, _("Please send it once more."))


@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: HttpRequest, year: int) -> HttpResponse:
    """Register, costs and what may be claimed; for whoever keeps the register."""
    if not may_keep_register(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    found = yearly_summary(_year_or_404(year))
    posted = request.POST if request.method == "POST" else None
    is_other = posted is not None and "other" in posted
    form = CoordinatorForm(None if is_other else posted)
    other_form = OtherCostsForm(posted if is_other else None, instance=found.other)
    if posted is not None and _keep(posted, year, form, other_form):
        messages.success(request, _("Saved."))
        return redirect("activities_work_summary", year)
    return render(
        request,
        "activities/admin/work_summary.html",
        {
            # Not what was typed and refused, which the form's instance has in it by now.
            "summary": yearly_summary(year) if is_other else found,
            "form": form,
            "other_form": other_form,
            "years": range(FIRST_YEAR, fiscal_year(clock.today()) + 1),
        },
    )


def _keep(posted: Any, year: int, form: CoordinatorForm, other_form: OtherCostsForm) -> bool:
    if (wanted := posted.get("remove", "")).isascii() and wanted.isdigit():
        take_off_register(int(wanted), year)
        return True
    if "other" in posted:
        if other_form.is_valid():
            keep_other_costs(year, **other_form.cleaned_data)
            return True
    elif form.is_valid():
        register_coordinator(year=year, **form.cleaned_data)
        return True
    return False


@require_http_methods(["GET", "HEAD"])
def summary_file(request: HttpRequest, year: int, file_format: str) -> HttpResponse:
    """The summary as CSV or XLSX; no cell is ever run as a formula."""
    if not may_keep_register(request.user):  # type: ignore[arg-type]
        raise PermissionDenied
    rows = list(_rows(yearly_summary(_year_or_404(year))))
    if file_format == "xlsx":
        response = HttpResponse(xlsx_bytes(rows, str(year)), content_type=_XLSX)
    else:
        response = HttpResponse(csv_bytes(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="work-{year}.{file_format}"'
    return response


def _rows(found: YearlySummary) -> Iterator[list[Any]]:
    yield [
        _("fiscal year"), _("name"), _("employed as"), _("hours worked"), _("costs (yen)"),
        _("correction by financial strength"), _("may be claimed (yen)"),
    ]  # fmt: skip
    for one in found.people:
        coordinator = one.coordinator
        kind = coordinator.get_kind_display() if coordinator else _("Not on the register")
        cost = coordinator.cost if coordinator else 0
        yield [found.year, one.name, kind, one.hours, cost, "", one.claim]
    other = found.other
    label = pgettext("special grant", "other costs")
    yield [found.year, label, "", "", other.cost, other.correction, other.claim]
    yield [found.year, _("Total"), "", found.hours, "", "", found.claim]
