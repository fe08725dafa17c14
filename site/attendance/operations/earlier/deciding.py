"""Staff decide whose a row is."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.models import Resident, User
from attendance.enums import EarlierMatch, EarlierStatus
from attendance.models import EarlierRecord
from attendance.operations.earlier import matching
from common.refusal import Refused
from tenants.models import Municipality


@transaction.atomic
def give_to(municipality: Municipality, row_id: int, resident_id: UUID, by: User) -> EarlierRecord:
    """The row is this registrant's, one of those it may be of; safe to repeat.

    Raises `EarlierRecord.DoesNotExist`, `Refused("settled")` where it is another's by now, and
    `Refused("no_candidate")` for anybody else.
    """
    row = _lock(municipality, row_id)
    if not row.is_open:
        if row.resident_id == resident_id:
            return row
        raise Refused("settled")
    if resident_id not in {one.resident for one in matching.candidates_of(row)}:
        raise Refused("no_candidate")
    matching.give(row, Resident(pk=resident_id), EarlierMatch.STAFF, by)
    matching.save([row])
    return row


@transaction.atomic
def let_wait(municipality: Municipality, row_id: int, by: User) -> EarlierRecord:
    """It is none of those's: the row waits for its person. Raises as `give_to`."""
    row = _lock(municipality, row_id)
    if not row.is_open:
        raise Refused("settled")
    row.status, row.decided_by = EarlierStatus.WAITING, by
    matching.save([row])
    return row


@transaction.atomic
def drop(municipality: Municipality, row_id: int, by: User) -> EarlierRecord:
    """The row is not taken over, and whom it named is forgotten. Raises as `give_to`."""
    row = _lock(municipality, row_id)
    if row.status == EarlierStatus.DROPPED:
        return row
    if not row.is_open:
        raise Refused("settled")
    matching.settle(row, EarlierStatus.DROPPED, by)
    matching.save([row])
    return row


def _lock(municipality: Municipality, row_id: int) -> EarlierRecord:
    return (
        EarlierRecord.objects.select_for_update(of=("self",))
        .select_related("batch", "municipality")
        .get(pk=row_id, municipality=municipality)
    )
