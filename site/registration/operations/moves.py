"""What a change of address means for registrations (R16)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident
from registration.enums import EventKind, RegistrationStatus
from registration.models import Registration
from registration.operations.register import record
from registration.queries import place_of
from registration.rules.residence import lives_in


@transaction.atomic
def follow_move(resident: Resident) -> list[Registration]:
    """Judge anew for each registration that holds whether the resident lives there.

    What changed is recorded and returned; where nothing did, nothing is written. Nobody is
    written to: a move ends no registration.
    """
    lives_at = place_of(resident.residence)
    changed = []
    rows = Registration.objects.select_for_update(of=("self",)).filter(
        resident=resident, status=RegistrationStatus.ACTIVE
    )
    for row in rows.select_related("municipality__local_government").order_by("pk"):
        lives_here = lives_in(lives_at, place_of(row.municipality.local_government))
        if lives_here == row.lives_here:
            continue
        row.lives_here = lives_here
        row.save(update_fields=["lives_here"])
        record(row, EventKind.MOVED_IN if lives_here else EventKind.MOVED_AWAY, resident)
        changed.append(row)
    return changed
