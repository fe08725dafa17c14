"""What can be done with a participation request."""

from __future__ import annotations

from typing import Any

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import clock
from common.refusal import Refused
from tenants import tasks
from tenants.enums import RequestStatus, TermsKind
from tenants.models import ParticipationRequest, Terms


def submit_request(**fields: Any) -> ParticipationRequest:
    """Record a municipality's request with the terms it agreed to (R1, R28).

    `fields` are the model's fields of the same names. Sending the same form twice gives the
    one request. Raises `Refused("already_requested")` where another person has asked before.
    """
    terms = Terms.objects.in_force(TermsKind.MUNICIPALITY)
    try:
        with transaction.atomic():
            request = ParticipationRequest.objects.create(
                **fields, terms=terms, agreed_at=clock.now()
            )
            EmailMessage(
                subject=_("We have received your request to take part"),
                body=render_to_string("tenants/mail/request_received.txt", {"request": request}),
                to=[request.contact_email],
            ).send()
            return request
    except IntegrityError:
        earlier = ParticipationRequest.objects.exclude(status=RequestStatus.DECLINED).get(
            local_government=fields["local_government"]
        )
        if earlier.contact_email.lower() != fields["contact_email"].lower():
            raise Refused("already_requested") from None
        return earlier


@transaction.atomic
def approve_request(request_id: int, operator: Any) -> ParticipationRequest:
    """Approve a request; the municipality is then set up in the background (R1).

    Approving twice changes nothing. Raises `Refused("request_declined")` and
    `ParticipationRequest.DoesNotExist`.
    """
    request = _locked(request_id)
    if request.status == RequestStatus.DECLINED:
        raise Refused("request_declined")
    if request.status == RequestStatus.SUBMITTED:
        request.status = RequestStatus.APPROVED
        request.decided_at = clock.now()
        request.decided_by = operator
        request.save(update_fields=["status", "decided_at", "decided_by"])
        transaction.on_commit(tasks.wake)
    return request


@transaction.atomic
def decline_request(request_id: int, operator: Any, reason: str) -> ParticipationRequest:
    """Decline a request and tell the municipality why; it may ask again.

    Declining twice changes nothing and sends no second mail. Raises
    `Refused("request_approved")` once it has been approved.
    """
    request = _locked(request_id)
    if request.status in {RequestStatus.APPROVED, RequestStatus.PROVISIONED}:
        raise Refused("request_approved")
    if request.status == RequestStatus.SUBMITTED:
        request.status = RequestStatus.DECLINED
        request.decided_at = clock.now()
        request.decided_by = operator
        request.decline_reason = reason
        request.save(update_fields=["status", "decided_at", "decided_by", "decline_reason"])
        EmailMessage(
            subject=_("About your request to take part"),
            body=render_to_string("tenants/mail/request_declined.txt", {"request": request}),
            to=[request.contact_email],
        ).send()
    return request


@transaction.atomic
def retry_request(request_id: int) -> ParticipationRequest:
    """Try at once again to set up an approved request; nothing happens in any other state."""
    request = _locked(request_id)
    if request.status == RequestStatus.APPROVED:
        request.retry_at = None
        request.save(update_fields=["retry_at"])
        transaction.on_commit(tasks.wake)
    return request


def _locked(request_id: int) -> ParticipationRequest:
    return (
        ParticipationRequest.objects.select_for_update(of=("self",))
        .select_related("local_government__prefecture")
        .get(pk=request_id)
    )
