"""Exports of registrants in the municipality's admin: ask, agree, fetch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import clock
from common.refusal import Refused
from common.wareki import in_japan
from privacy.enums import FileFormat, StaffPurpose
from privacy.forms.exports import ExportForm, RefuseExportForm
from privacy.models import Export
from privacy.operations.exports import Wish, approve_export, fetch_file, refuse_export
from privacy.permissions import APPROVE, EXPORT, may
from privacy.rendering.spreadsheets import CONTENT_TYPES
from privacy.rules.exports import ROWS_ALONE
from privacy.views.sentences import sentence_for
from registration.forms.registrants import RegistrantFilterForm
from registration.operations.export import COLUMNS, REGISTRANTS, export_registrants
from registration.queries.registrants import registrants
from registration.views.staff_registrants import permitted, place_of_request
from tenants.views.confirm import recently_confirmed

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@permitted(EXPORT)
@recently_confirmed("POST")
def export_form(request: HttpRequest) -> HttpResponse:
    """How many there are, then columns, format and purpose. The filters are the list's."""
    place = place_of_request(request)
    filters = RegistrantFilterForm(request.GET)
    # Who is registered no more is looked up one by one, never taken away in numbers.
    chosen = {name: value for name, value in filters.chosen().items() if name != "state"}
    found = registrants(place, **chosen)
    count = found.count()
    form = ExportForm(
        request.POST if request.method == "POST" else None, offered=COLUMNS, count=count
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wish = Wish(
            key=data["key"],
            kind=REGISTRANTS,
            purpose=StaffPurpose(data["purpose"]),
            note=data["note"],
            particulars=[column for column in COLUMNS if column in data["particulars"]],
            file_format=FileFormat(data["file_format"]),
            selection=list(found.values_list("pk", flat=True)),
            selected_by=filters.in_words(),
        )
        try:
            export = export_registrants(place, request.user, wish)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
        else:
            return redirect("registration_export", export.pk)
    return render(
        request,
        "registration/admin/export.html",
        {
            "page_title": _("Export registrants"),
            "header_icon": "download",
            "form": form,
            "count": count,
            "filters": filters.in_words(),
            "limit": ROWS_ALONE,
        },
    )


def _exports_for(request: HttpRequest) -> Any:
    """Those of this municipality, for whoever asks for exports or approves them."""
    if not (may(request.user, EXPORT) or may(request.user, APPROVE)):
        raise PermissionDenied
    return Export.objects.at_municipality(place_of_request(request))


@require_safe
@permitted("wagtailadmin.access_admin")
def export_list(request: HttpRequest) -> HttpResponse:
    """All exports of this municipality, newest first."""
    page = Paginator(_exports_for(request), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "registration/admin/exports.html",
        {"page_title": _("Exports"), "header_icon": "download", "page": page},
    )


@require_safe
@permitted("wagtailadmin.access_admin")
def export_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Purpose, columns, number of people; what the reader may do with it now."""
    return _shown(request, get_object_or_404(_exports_for(request), pk=pk), RefuseExportForm())


def _shown(request: HttpRequest, export: Export, form: RefuseExportForm) -> HttpResponse:
    own = export.requested_by_id == request.user.pk
    return render(
        request,
        "registration/admin/export_detail.html",
        {
            "page_title": _("Export"),
            "header_icon": "download",
            "export": export,
            "records": export.records.order_by("at", "pk"),
            "may_decide": export.is_waiting and not own and may(request.user, APPROVE),
            "waits_for_others": export.is_waiting and own,
            "may_fetch": own and export.can_be_fetched and may(request.user, EXPORT),
            "form": form,
        },
    )


@require_POST
@permitted(APPROVE)
@recently_confirmed("POST")
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person agrees."""
    export = get_object_or_404(_exports_for(request), pk=pk)
    try:
        approve_export(export.pk, request.user)
    except Refused as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("The export has been approved. Its file is being made."))
    return redirect("registration_export", pk)


@require_POST
@permitted(APPROVE)
@recently_confirmed("POST")
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person does not agree, and says why."""
    export = get_object_or_404(_exports_for(request), pk=pk)
    form = RefuseExportForm(request.POST)
    if not form.is_valid():
        return _shown(request, export, form)
    try:
        refuse_export(export.pk, request.user, form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, sentence_for(refusal))
    else:
        messages.success(request, _("The export has not been approved."))
    return redirect("registration_export", pk)


@require_POST
@permitted(EXPORT)
@recently_confirmed("POST")
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, to who asked for it; recorded each time."""
    found = get_object_or_404(_exports_for(request), pk=pk)
    try:
        export, content = fetch_file(found.pk, request.user)
    except Refused as refusal:
        if refusal.code == "not_yours":
            raise Http404 from None
        messages.error(request, sentence_for(refusal))
        return redirect("registration_export", pk)
    response = HttpResponse(content, content_type=CONTENT_TYPES[export.file_format])
    day = in_japan(clock.now()).strftime("%Y%m%d")
    name = f"registrants-{export.municipality_id}-{day}-{export.pk}.{export.file_format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
