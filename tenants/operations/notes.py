"""What the operator writes down and asks while reviewing a request (R1)."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common.refusal import Refused
from tenants.enums import NoteKind, RequestStatus
from tenants.models import ParticipationRequest, RequestNote


def add_note(request_id: int, operator: Any, text: str) -> RequestNote:
    """Keep `text` with the request, whatever its status; nobody but operators reads it.

    Raises `ParticipationRequest.DoesNotExist`.
    """
    request = ParticipationRequest.objects.get(pk=request_id)
    return RequestNote.objects.create(
        request=request, kind=NoteKind.NOTE, text=text, written_by=operator
    )


@transaction.atomic
def ask_question(request_id: int, operator: Any, text: str) -> RequestNote:
    """Keep the question and send it to the applicant; an answer by mail reaches `operator`.

    Raises `Refused("request_decided")` once there is nothing left to ask about, and
    `ParticipationRequest.DoesNotExist`.
    """
    request = (
        ParticipationRequest.objects.select_for_update(of=("self",))
        .select_related("local_government__prefecture")
        .get(pk=request_id)
    )
    if request.status != RequestStatus.SUBMITTED:
        raise Refused("request_decided")
    note = RequestNote.objects.create(
        request=request, kind=NoteKind.QUESTION, text=text, written_by=operator
    )
    EmailMessage(
        subject=_("A question about your request to take part"),
        body=render_to_string(
            "tenants/mail/request_question.txt",
            {"request": request, "text": text, "operator": operator},
        ),
        to=[request.contact_email],
        reply_to=[operator.email],
    ).send()
    return note
