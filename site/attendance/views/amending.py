"""Putting right what the ledger says: for the municipality's staff."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from activities.models import Session
from activities.queries import session_for_staff
from attendance.enums import AmendmentKind
from attendance.forms.amending import AmendForm, AnswerForm, ReasonForm
from attendance.models import Objection
from attendance.operations.ledger.add import add_by_hand
from attendance.operations.ledger.amend import correct, restore, void
from attendance.operations.ledger.objecting import answer
from attendance.queries import all_records_for, open_objections, sign_ups_for
from attendance.views.sentences import sentence_for
from common.refusal import Refused


def _session_or_404(request: HttpRequest, session_uuid: UUID) -> Session:
    """One of an activity that whoever asks may edit."""
    session = session_for_staff(session_uuid, request.user)
    if session is None:
        raise Http404
    return session


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, session_uuid: UUID, pk: int) -> HttpResponse:
    """Void, restore or correct one record of a session, with the reason."""
    session = _session_or_404(request, session_uuid)
    municipality = request.municipality  # type: ignore[attr-defined]
    record = all_records_for(municipality, session_uuid).filter(pk=pk).first()
    if record is None:
        raise Http404
    form = AmendForm(request.POST if request.method == "POST" else None, record=record)
    if request.method == "POST" and form.is_valid():
        kind, reason = form.cleaned_data["kind"], form.cleaned_data["reason"]
        try:
            if kind == AmendmentKind.VOID:
                void(record, request.user, reason)  # type: ignore[arg-type]
            elif kind == AmendmentKind.RESTORE:
                restore(record, request.user, reason)  # type: ignore[arg-type]
            else:
                correct(record, form.cleaned_data["hours"], request.user, reason)  # type: ignore[arg-type]
            messages.success(request, _("The record has been put right. The participant is told."))
            return redirect("attendance_participants", session_uuid)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
    sign_up = sign_ups_for(municipality, session_uuid).filter(resident=record.resident_id).first()
    return render(
        request,
        "attendance/admin/amend.html",
        {"session": session.snapshot(), "record": record, "sign_up": sign_up, "form": form},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, session_uuid: UUID, pk: int) -> HttpResponse:
    """Enter that somebody who had signed up took part."""
    session = _session_or_404(request, session_uuid)
    municipality = request.municipality  # type: ignore[attr-defined]
    sign_up = sign_ups_for(municipality, session_uuid).filter(pk=pk).first()
    if sign_up is None:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_by_hand(sign_up, session.snapshot(), request.user, form.cleaned_data["reason"])  # type: ignore[arg-type]
            messages.success(request, _("The participation has been recorded."))
            return redirect("attendance_participants", session_uuid)
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
    return render(
        request,
        "attendance/admin/add.html",
        {"session": session.snapshot(), "sign_up": sign_up, "form": form},
    )


@never_cache
@require_http_methods(["GET", "HEAD"])
def objections(request: HttpRequest) -> HttpResponse:
    """Open objections to records of activities that whoever asks may edit, the oldest first."""
    municipality = request.municipality  # type: ignore[attr-defined]
    rows = [
        row
        for row in open_objections(municipality)
        if session_for_staff(row.record.session_uuid, request.user)
    ]
    return render(request, "attendance/admin/objections.html", {"rows": rows})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one; what is accepted leads on to the record."""
    municipality = request.municipality  # type: ignore[attr-defined]
    row = (
        Objection.objects.filter(municipality=municipality, pk=pk).select_related("record").first()
    )
    if row is None:
        raise Http404
    _session_or_404(request, row.record.session_uuid)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        accepted = form.cleaned_data["accepted"] == "yes"
        try:
            answer(row, request.user, accepted=accepted, text=form.cleaned_data["text"])  # type: ignore[arg-type]
            messages.success(request, _("Your answer has been sent."))
            if accepted:
                return redirect("attendance_amend", row.record.session_uuid, row.record_id)
            return redirect("attendance_objections")
        except Refused as refusal:
            form.add_error(None, sentence_for(refusal))
    return render(request, "attendance/admin/objection.html", {"row": row, "form": form})
