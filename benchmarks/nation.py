"""Many municipalities, set up as in the product, one after the other."""

from __future__ import annotations

import sys
import time

from django.core.management import call_command

from common import clock
from tenants.enums import MunicipalityStatus, RequestStatus, TermsKind
from tenants.models import LocalGovernment, Municipality, ParticipationRequest, Terms
from tenants.operations.provision import provision
from tenants.postgresql.connection import connection

_SAY_EVERY = 100


def prepare() -> None:
    """The shared schema, the local governments and the template."""
    sys.stderr.write("Preparing a database.\n")
    call_command("prepare")


def grow_to(number: int) -> list[float]:
    """Set municipalities up until there are `number`; seconds that each took."""
    there = Municipality.objects.count()
    governments = LocalGovernment.objects.filter(municipality=None).order_by("code")
    seconds = []
    for government in governments[: max(0, number - there)]:
        started = time.perf_counter()
        provision(_approved(government))
        seconds.append(time.perf_counter() - started)
        Municipality.objects.filter(pk=government).update(status=MunicipalityStatus.PUBLISHED)
        if (there + len(seconds)) % _SAY_EVERY == 0:
            sys.stderr.write(f"{there + len(seconds)} municipalities\n")
            renew_connection()
    return seconds


def renew_connection() -> None:
    """Begin with an empty one: its memory grows with every schema it sees, and in the product
    the pool renews it every quarter of an hour."""
    connection.close()
    connection.close_pool()


def _approved(government: LocalGovernment) -> ParticipationRequest:
    return ParticipationRequest.objects.create(
        local_government=government,
        department="企画課",
        contact_name="担当者",
        contact_email=f"staff-{government.code}@example.jp",
        contact_phone="0226-00-0000",
        terms=Terms.objects.in_force(TermsKind.MUNICIPALITY),
        agreed_at=clock.now(),
        status=RequestStatus.APPROVED,
    )
