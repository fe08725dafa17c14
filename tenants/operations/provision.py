"""From an approved request to a working municipality."""

from __future__ import annotations

import logging

from django.db import connection, transaction

from common import clock
from tenants.context import municipality_context, public_context
from tenants.enums import RequestStatus
from tenants.models import Domain, Municipality, ParticipationRequest
from tenants.operations.migrate import migrate_municipality
from tenants.signals import municipality_provisioned

logger = logging.getLogger(__name__)


def provision_next() -> ParticipationRequest | None:
    """Set up one approved request that nobody else is at work on; None when none is left.

    A failure leaves nothing of the municipality behind; the request keeps the error and is
    tried again later.
    """
    with public_context(), transaction.atomic():
        request = (
            ParticipationRequest.objects.select_for_update(skip_locked=True)
            .filter(status=RequestStatus.APPROVED)
            .order_by("error", "decided_at")
            .first()
        )
        if request is None:
            return None
        try:
            with transaction.atomic():
                provision(request)
        except Exception as error:
            logger.exception("provisioning of %s failed", request.local_government_id)
            request.error = f"{type(error).__name__}: {error}"
            request.save(update_fields=["error"])
        return request


def provision(request: ParticipationRequest) -> Municipality:
    """Make schema, tables, host name, roles, default pages and the first invitation.

    Runs in the caller's transaction, so that there is never half a municipality.
    """
    with public_context():
        government = request.local_government
        municipality = Municipality(
            local_government=government,
            schema_name=f"m{government.code}",
            slug=government.romaji,
            joined_on=clock.today(),
        )
        municipality.save()
        Domain.objects.create(domain=municipality.slug, tenant=municipality, is_primary=True)
    create_schema(municipality)
    with municipality_context(municipality):
        municipality_provisioned.send(
            sender=Municipality, municipality=municipality, request=request
        )
    request.status = RequestStatus.PROVISIONED
    request.provisioned_at = clock.now()
    request.error = ""
    with public_context():
        request.save(update_fields=["status", "provisioned_at", "error"])
    return municipality


def create_schema(municipality: Municipality) -> None:
    """Make the schema and bring its tables up to date."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA "{municipality.schema_name}"')
    migrate_municipality(municipality)
