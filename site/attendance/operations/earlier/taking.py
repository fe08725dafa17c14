"""Taking a list over: its rows without faults, once, whatever file they come in (R20, A11.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from accounts.models import User
from attendance.enums import EarlierMatch, EarlierStatus
from attendance.models import ColumnMemory, EarlierRecord, ImportBatch
from attendance.operations.earlier import keys, matching
from attendance.operations.earlier.designation import Answer, Words
from attendance.rules.earlier import Entry
from common import clock
from common.refusal import Refused
from tenants.context import municipality_context
from tenants.models import Municipality

_AT_A_TIME = 1000


@dataclass(frozen=True)
class Upload:
    """The file a list came in: name, SHA-256, rows in it, and which of its columns were ours."""

    file_name: str
    digest: str
    row_count: int
    signature: str
    places: Mapping[str, int]


@dataclass(frozen=True)
class Taken:
    """What became of a list; `batch` None where every row had been taken over before."""

    batch: ImportBatch | None
    known: int
    recorded: int = 0
    waiting: int = 0
    doubtful: int = 0


@transaction.atomic
def take_over(
    municipality: Municipality,
    upload: Upload,
    entries: Sequence[Entry],
    answers: Mapping[str, Answer],
    by: User,
) -> Taken:
    """Take over `entries` (rows without faults), all or none of them; safe to repeat.

    `answers` are staff's words on the activities, by `activity_key`. Whose row is certain goes
    into the ledger at once, the others wait. A row that was taken over before, out of whatever
    file and in whatever order, is left alone. Raises `Refused("no_rows")`.
    """
    if not entries:
        raise Refused("no_rows")
    with municipality_context(municipality):
        _one_at_a_time(municipality)
        _remember(municipality, upload)
        by_key = not_taken_yet(municipality, entries)
        if not by_key:
            return Taken(None, known=len(entries))
        words = Words(municipality, answers, by)
        words.keep_statements({entry.activity_key: entry for entry in by_key.values()})
        batch = ImportBatch.objects.create(
            municipality=municipality,
            taken_by=by,
            taken_at=clock.now(),
            file_name=upload.file_name,
            digest=upload.digest,
            row_count=upload.row_count,
        )
        rows = EarlierRecord.objects.bulk_create(
            [_row(batch, key, entry, words) for key, entry in by_key.items()],
            batch_size=_AT_A_TIME,
        )
        matching.save(matching.match(municipality, rows, EarlierMatch.LISTED))
    states = [row.status for row in rows]
    return Taken(
        batch,
        known=len(entries) - len(rows),
        recorded=states.count(EarlierStatus.RECORDED),
        waiting=states.count(EarlierStatus.WAITING),
        doubtful=states.count(EarlierStatus.DOUBTFUL),
    )


def _one_at_a_time(municipality: Municipality) -> None:
    """Two lists at the same moment: the second sees the rows of the first."""
    with connection.cursor() as cursor:
        lock = f"attendance.earlier.{municipality.code}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])


def _remember(municipality: Municipality, upload: Upload) -> None:
    ColumnMemory.objects.update_or_create(
        municipality=municipality,
        signature=upload.signature,
        defaults={"places": dict(upload.places), "chosen_at": clock.now()},
    )


def not_taken_yet(municipality: Municipality, entries: Sequence[Entry]) -> dict[str, Entry]:
    """Entries that no batch holds, by their key; of two that say the same, the first."""
    code = municipality.code
    possible = {
        key: entry
        for entry in reversed(entries)
        for key in keys.looked_for(*keys.row_parts(code, entry))
    }
    here = EarlierRecord.objects.filter(municipality=municipality)
    stored = here.filter(row_key__in=list(possible)).exclude(status=EarlierStatus.UNDONE)
    known = {id(possible[key]) for key in stored.values_list("row_key", flat=True)}
    first = {id(entry) for entry in possible.values()}
    return {
        keys.made(*keys.row_parts(code, entry)): entry
        for entry in entries
        if id(entry) in first and id(entry) not in known
    }


def _row(batch: ImportBatch, key: str, entry: Entry, words: Words) -> EarlierRecord:
    code, person, word = batch.municipality.code, entry.person, words.on(entry)
    return EarlierRecord(
        batch=batch,
        municipality=batch.municipality,
        row_number=entry.row,
        session_uuid=word.session_uuid or entry.session_uuid(code),
        activity_title=entry.activity,
        organiser=entry.organiser or batch.municipality.full_name,
        place=entry.place,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        hours=entry.hours,
        category=word.category,
        designated=word.designated,
        designation_basis=word.basis,
        ground=entry.ground,
        particulars=person.to_json(),
        row_key=key,
        name_key=keys.made(*keys.name_parts(code, person.name_key)),
        kana_key=keys.made(*keys.kana_parts(code, person.kana_key)),
        person_key=keys.made(*keys.person_parts(code, person)),
        created_at=batch.taken_at,
    )
