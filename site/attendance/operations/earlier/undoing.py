"""Taking a whole list back."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from attendance.enums import EarlierStatus
from attendance.models import EarlierRecord, ImportBatch
from attendance.operations.earlier import ledger, matching
from attendance.operations.ledger.beside import lock_records
from common import clock
from common.refusal import Refused
from tenants.models import Municipality


@transaction.atomic
def undo_batch(municipality: Municipality, batch_id: int, by: User, reason: str) -> ImportBatch:
    """Everything of the batch is taken back: what waits is forgotten, what it brought into the
    ledger no longer counts. Twice is once; who did and why stays. The list can be taken over
    again. Raises `ImportBatch.DoesNotExist`, `Refused("reason_missing")`."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing")
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(
        pk=batch_id, municipality=municipality
    )
    if batch.undone_at is not None:
        return batch
    rows = list(
        EarlierRecord.objects.select_for_update(of=("self",))
        .filter(batch=batch)
        .exclude(status=EarlierStatus.UNDONE)
        .select_related("record")
        .order_by("pk")
    )
    # At once and in one order: others lock rows of lists first and records of the ledger then.
    lock_records(row.record_id for row in rows if row.record_id and row.made_record)
    for row in rows:
        # A participation that was there before the list is not the list's to take back.
        if row.record is not None and row.made_record:
            ledger.take_back(row.record, by, reason)
        matching.settle(row, EarlierStatus.UNDONE, by)
    matching.save(rows)
    batch.undone_by, batch.undone_at, batch.undone_reason = by, clock.now(), reason[:200]
    batch.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    return batch
