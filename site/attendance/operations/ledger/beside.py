"""Before a row is put beside a record: nobody else does it at the same time, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from identity.queries import in_the_name_of
from tenants.postgresql.connection import connection

# Any number, the same in every process; with the record's id it is that record's lock. The
# ledger's rows themselves cannot be locked by whoever may not change them.
_LOCK = 7_407


def lock_records(ids: Iterable[int]) -> None:
    """Have nobody else amend these records until the transaction ends."""
    # Keys have 31 bits: of ids that far apart two may share a lock, which harms nobody. In one
    # order, so that two who lock many wait for each other and never in a circle.
    keys = sorted({number % 2**31 for number in ids})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, one) FROM unnest(%s::int[]) one", [_LOCK, keys]
        )


def holder_of(resident_id: UUID) -> UUID:
    """Who holds the account now: that of a row may have become part of another one."""
    with in_the_name_of(resident_id) as resident:
        return resident.merged_into_id or resident.pk
