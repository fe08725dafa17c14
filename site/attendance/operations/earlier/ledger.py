"""The one place where rows of a list reach the ledger, and leave it again."""

from __future__ import annotations

from accounts.models import Resident, User
from activities.rules.snapshot import SessionSnapshot
from attendance.enums import CheckInMethod, EarlierStatus
from attendance.models import EarlierRecord, ParticipationRecord
from attendance.operations.ledger.afterwards import count_as_listed
from attendance.operations.ledger.amend import restore, void
from attendance.operations.ledger.record import CheckIn, record_participation
from tenants.actors import settling


def record(row: EarlierRecord, resident: Resident, by: User | None) -> CheckIn:
    """Write the participation of `row` as that of `resident`, whatever it was found by.

    Once for a person and session: where the ledger has one of them, that one is given. One that a
    list taken back had made is valid again.
    """
    made = record_participation(
        resident, row.municipality, snapshot_of(row), CheckInMethod.IMPORTED, recorded_by=by
    )
    if not made.is_new and _was_taken_back(made.record):
        # Also where the person finds it who registers, and who amends nothing otherwise.
        with settling(row.municipality_id):
            restore(made.record, by, row.batch.file_name)
            if row.designated:
                count_as_listed(made.record, row.designation_basis, by)
        return CheckIn(made.record, is_new=True)
    return made


def take_back(participation: ParticipationRecord, by: User, reason: str) -> None:
    """The participation no longer counts; that it was entered, and taken back, stays."""
    void(participation, by, reason)


def _was_taken_back(participation: ParticipationRecord) -> bool:
    return EarlierRecord.objects.filter(
        record=participation, made_record=True, status=EarlierStatus.UNDONE
    ).exists()


def snapshot_of(row: EarlierRecord) -> SessionSnapshot:
    """The session a row stands for, as far as the ledger keeps it."""
    return SessionSnapshot(
        session_uuid=row.session_uuid,
        municipality_code=row.municipality.code,
        activity_title=row.activity_title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        hours=row.hours,
        capacity=None,
        minimum_age=None,
        is_remote=False,
        is_paid=False,
        is_designated=row.designated,
        designation_basis=row.designation_basis,
        organiser=row.organiser,
        page_path="",
        page_url="",
        category=row.category,
    )
