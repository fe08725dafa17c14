"""Which sessions an organisation runs, kept in step with what is published."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from organisations.models import RunSession
from tenants.models import Municipality


@transaction.atomic
def keep_run_sessions(
    municipality: Municipality, session_uuids: Collection[UUID], organisation_id: int | None
) -> None:
    """Say that the organisation runs these sessions, or with None that none does. Repeatable."""
    if organisation_id is None:
        RunSession.objects.filter(
            municipality=municipality, session_uuid__in=session_uuids
        ).delete()
        return
    for uuid in session_uuids:
        RunSession.objects.update_or_create(
            session_uuid=uuid,
            municipality=municipality,
            defaults={"organisation_id": organisation_id},
        )
