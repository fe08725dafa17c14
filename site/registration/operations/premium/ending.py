"""Premium standing ends before or at the end of its term."""

from __future__ import annotations

from django.db import transaction

from registration.enums import OPEN_APPLICATIONS, ApplicationStatus, PremiumEnd
from registration.models import (
    ApplicationDocument,
    PremiumApplication,
    PremiumStanding,
    Registration,
)
from registration.operations.premium.common import CLOCK, By, in_their_name
from registration.operations.premium.settling import end_row, settle
from registration.queries import standing_at
from registration.rules.moves import Move, moved


@transaction.atomic
def lapse(standing: PremiumStanding, reason: str = PremiumEnd.NOT_RENEWED, by: By = CLOCK) -> bool:
    """End a direct standing: the registration is basic again, and its holder is told.

    `reason` is a `PremiumEnd`. A derived one at the prefecture ends with it, or takes its place
    where a premium city is inside. False where it had ended: safe to repeat.
    """
    with in_their_name(standing.registration) as registration:
        current = standing_at(registration)
        if current is None or current.pk != standing.pk or current.derived_from_id is not None:
            return False
        current.registration = registration
        end_row(current, Move.LAPSE, by, reason)
        settle(registration.resident, by)
        return True


def end_with(registration: Registration, by: By) -> None:
    """The registration ends: its standing and open applications do too. Called as the resident,
    who is locked; whoever calls this settles the rest afterwards."""
    if standing := standing_at(registration):
        standing.registration = registration
        end_row(standing, Move.LEAVE, by, PremiumEnd.LEFT, silent=True)
    withdraw_open(registration)


def withdraw_open(registration: Registration) -> None:
    """Open applications are withdrawn, and what was handed in is deleted."""
    rows = PremiumApplication.objects.select_for_update(of=("self",)).filter(
        registration=registration, status__in=OPEN_APPLICATIONS
    )
    for row in rows:
        row.status = ApplicationStatus(moved(row.status, Move.WITHDRAW))
        row.save(update_fields=["status"])
        delete_documents(row)


def delete_documents(application: PremiumApplication) -> None:
    """What was handed in is needed for the decision alone (R13)."""
    ApplicationDocument.objects.filter(application=application).delete()
