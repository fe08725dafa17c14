"""The operator's host: notes on a request, and questions to the applicant."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.refusal import Refused
from tenants.enums import NoteKind, RequestStatus
from tenants.forms.operator import NoteForm
from tenants.operations.notes import add_note, ask_question
from tenants.queries import requests_with_status
from tenants.views.operator import operator_required
from tenants.views.sentences import sentence_for


@require_http_methods(["GET", "HEAD", "POST"])
@operator_required
def write_note(request: HttpRequest, request_id: int) -> HttpResponse:
    """Write something down about a request, or ask the applicant."""
    asked = requests_with_status().filter(pk=request_id).first()
    if asked is None:
        raise Http404
    form = NoteForm(request.POST or None, may_ask=asked.status == RequestStatus.SUBMITTED)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            if form.cleaned_data["kind"] == NoteKind.QUESTION:
                ask_question(request_id, request.user, text)
                messages.success(request, _("The question is on its way to the applicant."))
            else:
                add_note(request_id, request.user, text)
                messages.success(request, _("The note has been kept."))
        except Refused as refusal:
            messages.error(request, sentence_for(refusal))
        return redirect("tenants_operator:request", request_id)
    return render(request, "tenants/operator/note.html", {"form": form, "asked": asked})
