"""What a resident did for a remote activity, in their own words (R30)."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import resident_required
from attendance.enums import ReportStatus
from attendance.forms.desk import ReportForm
from attendance.models import ParticipationReport
from attendance.operations.reports import hand_in_report
from attendance.views.sentences import sentence_for
from common.refusal import Refused
from tenants.enums import MunicipalityStatus
from tenants.queries import municipalities_with_status


@resident_required
@require_http_methods(["GET", "POST"])
def my_report(request: HttpRequest, code: str, session_uuid: UUID) -> HttpResponse:
    """Hand a report in, write it anew, and see what was decided of it."""
    municipality = municipalities_with_status(MunicipalityStatus.PUBLISHED).filter(pk=code).first()
    if municipality is None:
        raise Http404
    resident = request.resident  # type: ignore[attr-defined]
    report = ParticipationReport.objects.filter(
        resident=resident, session_uuid=session_uuid
    ).first()
    form = ReportForm(request.POST or None, initial={"text": report.text if report else ""})
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            hand_in_report(resident, municipality, session_uuid, form.cleaned_data["text"])
        except Refused as refusal:
            sentence = sentence_for(refusal)
        else:
            return redirect(request.path)
    return render(
        request,
        "attendance/report.html",
        {
            "form": None if report and report.status == ReportStatus.ACCEPTED else form,
            "report": report,
            "municipality": municipality,
            "sentence": sentence,
        },
        status=409 if sentence else 200,
    )
