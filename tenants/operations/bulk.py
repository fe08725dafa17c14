"""What can be done with many requests at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock
from common.refusal import Refused
from tenants import tasks
from tenants.enums import RequestStatus
from tenants.models import ParticipationRequest, RequestBatch


def store_batch(
    rows: Sequence[dict[str, Any]], *, file_name: str, digest: str, row_count: int, operator: Any
) -> tuple[RequestBatch, bool]:
    """Record the requests of one spreadsheet, all or none, and confirm each by mail (R1, R28).

    `rows` are the requests' fields, with the day of agreement as `agreed_on`; `row_count` is
    what stood in the file. Answers the batch and whether it is new: the same file (`digest`)
    again gives the batch it gave before. Raises `Refused("no_rows")`, and
    `Refused("already_requested")` where somebody else asked for one of them meanwhile.
    """
    if earlier := RequestBatch.objects.filter(digest=digest).first():
        return earlier, False
    if not rows:
        raise Refused("no_rows")
    try:
        with transaction.atomic():
            batch = RequestBatch.objects.create(
                uploaded_by=operator, file_name=file_name, digest=digest, row_count=row_count
            )
            requests = ParticipationRequest.objects.bulk_create(
                [_request(batch, row) for row in rows]
            )
            _confirm(requests)
            return batch, True
    except IntegrityError:
        # Sent twice at the same moment, or a request from the public form came in between.
        if earlier := RequestBatch.objects.filter(digest=digest).first():
            return earlier, False
        raise Refused("already_requested") from None


def _request(batch: RequestBatch, row: dict[str, Any]) -> ParticipationRequest:
    fields = {name: value for name, value in row.items() if name != "agreed_on"}
    # The sheet knows the day only; today's noon may still lie ahead.
    agreed_at = min(clock.at_noon(row["agreed_on"]), clock.now())
    return ParticipationRequest(**fields, agreed_at=agreed_at, batch=batch)


def _confirm(requests: Sequence[ParticipationRequest]) -> None:
    # In Japanese, whichever language the operator works in.
    with translation.override(settings.LANGUAGE_CODE):
        get_connection().send_messages(
            [
                EmailMessage(
                    subject=_("We have received your request to take part"),
                    body=render_to_string(
                        "tenants/mail/request_received.txt", {"request": request}
                    ),
                    to=[request.contact_email],
                )
                for request in requests
            ]
        )


@transaction.atomic
def approve_batch(batch_id: int, operator: Any) -> int:
    """Approve every request of a batch that waits for a decision; how many there were (R1).

    Who approved first, and when, stays: approving twice changes nothing. Declined requests
    stay declined. Raises `RequestBatch.DoesNotExist`.
    """
    batch = RequestBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    now = clock.now()
    # One statement: it waits for whoever decides on one of them and then looks again.
    approved = ParticipationRequest.objects.filter(
        batch=batch, status=RequestStatus.SUBMITTED
    ).update(status=RequestStatus.APPROVED, decided_at=now, decided_by=operator)
    if approved:
        if batch.approved_at is None:
            batch.approved_at, batch.approved_by = now, operator
            batch.save(update_fields=["approved_at", "approved_by"])
        transaction.on_commit(tasks.wake)
    return approved


@transaction.atomic
def retry_batch(batch_id: int, request_id: int | None = None) -> int:
    """Try at once again what failed in a batch, one request or all; how many there are."""
    failed = ParticipationRequest.objects.filter(
        batch=batch_id, status=RequestStatus.APPROVED
    ).exclude(error="")
    if request_id is not None:
        failed = failed.filter(pk=request_id)
    tried = failed.update(retry_at=None)
    if tried:
        transaction.on_commit(tasks.wake)
    return tried
