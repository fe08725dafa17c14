"""From an approved request to a working municipality."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from common import clock
from tenants.context import municipality_context, public_context
from tenants.enums import INITIAL_STATUS, RequestStatus
from tenants.models import Domain, Municipality, ParticipationRequest
from tenants.operations.template import ensure_template, replay
from tenants.operations.wall import let_into_schema
from tenants.postgresql.connection import connection
from tenants.postgresql.names import schema_of
from tenants.rules.fees import fee_waiver_for
from tenants.signals import municipality_provisioned

logger = logging.getLogger(__name__)
FIRST_DELAY, MAX_DELAY = timedelta(seconds=15), timedelta(hours=1)


def provision_next() -> ParticipationRequest | None:
    """Set up one approved request that nobody else is at work on; None when none is due.

    A failure leaves nothing of the municipality behind; the request keeps the error and is
    tried again, later each time. A killed worker's transaction ends with it, so the request
    is due at once.
    """
    with public_context(), transaction.atomic():
        request = (
            ParticipationRequest.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(status=RequestStatus.APPROVED)
            .filter(Q(retry_at=None) | Q(retry_at__lte=clock.now()))
            .order_by("decided_at")
            .first()
        )
        if request is None:
            return None
        try:
            provision(request)
        except Exception as error:
            logger.exception("provisioning of %s failed", request.local_government_id)
            _keep_failure(request, error)
        return request


def _keep_failure(request: ParticipationRequest, error: Exception) -> None:
    connection.set_schema_to_public()
    request.refresh_from_db()  # what the failed attempt set on the object was rolled back
    request.attempts += 1
    request.error = f"{type(error).__name__}: {error}"
    delay = min(FIRST_DELAY * 2 ** min(request.attempts - 1, 10), MAX_DELAY)
    request.retry_at = clock.now() + delay
    request.save(update_fields=["attempts", "error", "retry_at"])


@transaction.atomic
def provision(request: ParticipationRequest) -> Municipality:
    """Make schema, host name and first invitation; set what differs from the template.

    One transaction (a savepoint inside the caller's): there is never half a municipality.
    """
    with public_context():
        government, today = request.local_government, clock.today()
        municipality = Municipality(
            local_government=government,
            schema_name=schema_of(government.code),
            slug=government.romaji,
            joined_on=today,
            fee_waiver=fee_waiver_for(today),
            status=INITIAL_STATUS,
        )
        municipality.save()
        Domain.objects.create(domain=municipality.slug, tenant=municipality, is_primary=True)
        replay(ensure_template(), municipality.schema_name)
        let_into_schema(municipality.schema_name)
        # Background work has no reader: what is written for the municipality is in Japanese.
        with municipality_context(municipality), translation.override(settings.LANGUAGE_CODE):
            municipality_provisioned.send(
                sender=Municipality, municipality=municipality, request=request
            )
        request.status = RequestStatus.PROVISIONED
        request.provisioned_at = clock.now()
        request.error = ""
        request.retry_at = None
        request.save(update_fields=["status", "provisioned_at", "error", "retry_at"])
    return municipality
