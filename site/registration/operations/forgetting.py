"""Who left a municipality is forgotten by it: what they disclosed goes, the history stays.

Done by the caretaker, by the clock, municipality by municipality. It asks the rows what is due
and not the day it last ran: standing still for three days, or running twice at once, changes
nothing but the hour.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from attendance.models import SignUp
from attendance.operations.forgetting import empty_names
from common import clock
from registration.enums import RegistrationStatus
from registration.models import Registration
from registration.signals import emptied
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.postgresql.connection import connection

logger = logging.getLogger(__name__)
# Whoever left by mistake comes back within a month, and finds everything; the office still has
# whom it must answer or settle something with. Longer nobody needs it.
FORGET_AFTER_LEAVING_DAYS = 30
# What is left of what was disclosed: where somebody lived counts no more, that they did stays.
_EMPTY: dict[str, Any] = {
    "family_name": "",
    "given_name": "",
    "kana": "",
    "birth_date": None,
    "postal_code": "",
    "address": "",
    "residence_name": "",
    "email": "",
    "phone": "",
}


def forget_left() -> int:
    """Empty what people disclosed to municipalities that they left long enough ago; returns of
    how many registrations. A municipality that fails is logged and keeps no other waiting."""
    number = 0
    for municipality in Municipality.objects.order_by("pk"):
        try:
            number += forget_in(municipality)
        except Exception:
            connection.set_schema_to_public()
            logger.exception("forgetting who left %s failed", municipality.code)
    return number


def forget_in(municipality: Municipality) -> int:
    """As `forget_left`, in one municipality: all of it or nothing. Other apps are told by
    `emptied`."""
    cutoff = clock.now() - timedelta(days=FORGET_AFTER_LEAVING_DAYS)
    with public_context(), transaction.atomic():
        due = list(
            _left_for_long(municipality, cutoff)
            .filter(emptied_at=None)
            .select_for_update(of=("self",), skip_locked=True)
            .order_by()
            .values_list("pk", "resident_id")
        )
        Registration.objects.filter(pk__in=[pk for pk, _resident in due]).update(
            emptied_at=clock.now(), **_EMPTY
        )
        empty_names(_over_sign_ups(municipality, cutoff))
        residents: set[UUID] = {resident for _pk, resident in due}
        if residents:
            with municipality_context(municipality):
                emptied.send(sender=Registration, municipality=municipality, resident_ids=residents)
    return len(due)


def _left_for_long(municipality: Municipality, cutoff: datetime) -> QuerySet[Registration]:
    """Registrations that ended, of people who are not back, and were not within the time."""
    back = Registration.objects.filter(
        Q(status=RegistrationStatus.ACTIVE) | Q(ended_at__gt=cutoff),
        resident=OuterRef("resident"),
        municipality=municipality,
    )
    return Registration.objects.filter(
        ~Exists(back.order_by()),
        municipality=municipality,
        status=RegistrationStatus.ENDED,
        ended_at__lte=cutoff,
    )


def _over_sign_ups(municipality: Municipality, cutoff: datetime) -> QuerySet[SignUp]:
    """Of the same people, for sessions that were over then. Whoever signs up after leaving
    discloses a name for that session, and is forgotten as long after it."""
    left = _left_for_long(municipality, cutoff).filter(resident=OuterRef("resident"))
    return SignUp.objects.filter(
        Exists(left.order_by()), municipality=municipality, ends_at__lte=cutoff
    )
