"""Finding the people of rows that wait: among registrants, or when one registers (R20)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from accounts.models import Resident, User
from attendance.enums import EarlierMatch, EarlierStatus
from attendance.models import EarlierRecord
from attendance.models.earlier import OPEN
from attendance.operations.earlier import keys, ledger
from attendance.registry import registrants_called
from attendance.rules.earlier_people import Known, decide, kana_key, name_key
from common import clock
from tenants.actors import weighing
from tenants.models import Municipality

_EMPTIED: dict[str, Any] = {"particulars": "", "name_key": "", "kana_key": "", "person_key": ""}
CHANGED = (
    "status", "resident", "record", "made_record", "matched_by_way", "decided_by", "decided_at",
    *_EMPTIED,
)  # fmt: skip
BATCH = 500


def match(
    municipality: Municipality, rows: Iterable[EarlierRecord], way: EarlierMatch
) -> list[EarlierRecord]:
    """Settle each open row among the registrants; the rows that changed, not saved yet.

    Certain ones go into the ledger, those that may be of somebody are marked for staff.
    """
    people = {row.pk: person for row in rows if (person := row.person) is not None}
    names = {person.name_key for person in people.values()}
    kanas = {person.kana_key for person in people.values()} - {""}
    found = _Found(registrants_called(municipality, names, kanas))
    changed = []
    for row in rows:
        person = people.get(row.pk)
        if person is None:
            continue
        verdict = decide(person, found.called(person.name_key, person.kana_key))
        if verdict.owner:
            give(row, Resident(pk=verdict.owner.resident), way, None)
            changed.append(row)
        elif verdict.candidates and row.status == EarlierStatus.WAITING:
            row.status = EarlierStatus.DOUBTFUL
            changed.append(row)
    return changed


class _Found:
    """Registrants by name and by furigana."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._by_kana: dict[str, list[Known]] = defaultdict(list)
        for one in known:
            self._by_name[name_key(one.name)].append(one)
            self._by_kana[kana_key(one.kana)].append(one)

    def called(self, name: str, kana: str) -> list[Known]:
        both = [*self._by_name[name], *(self._by_kana[kana] if kana else ())]
        return list({one.resident: one for one in both}.values())


def candidates_of(row: EarlierRecord) -> list[Known]:
    """Whom a row may be of, for the staff who decide."""
    if (person := row.person) is None:
        return []
    kanas = {person.kana_key} - {""}
    verdict = decide(person, registrants_called(row.municipality, {person.name_key}, kanas))
    return [verdict.owner] if verdict.owner else list(verdict.candidates)


def give(row: EarlierRecord, resident: Resident, way: EarlierMatch, by: User | None) -> None:
    """The row is `resident`'s: into the ledger, and who stood on the list is forgotten. The row
    is not saved yet."""
    made = ledger.record(row, resident, by)
    row.resident_id, row.record = resident.pk, made.record
    row.made_record = made.is_new
    row.matched_by_way = way
    settle(row, EarlierStatus.RECORDED, by)


def settle(row: EarlierRecord, status: EarlierStatus, by: User | None) -> None:
    """Nothing waits any more: what was needed to find the person goes. Not saved yet."""
    row.status, row.decided_by, row.decided_at = status, by, clock.now()
    for name, value in _EMPTIED.items():
        setattr(row, name, value)


def save(rows: list[EarlierRecord]) -> None:
    """Write rows that `give`, `settle` or `match` changed."""
    EarlierRecord.objects.bulk_update(rows, CHANGED, batch_size=BATCH)


def match_registered(municipality: Municipality, resident: UUID, name: str, kana: str) -> int:
    """Somebody has registered: rows that are theirs go into the ledger at once; how many. Rows
    that only may be theirs go to the staff.

    Called in the transaction of registering. Nothing of anybody else's row leaves here. One query
    where no row is called so.
    """
    code = municipality.code
    names = keys.names_looked_for(code, [name_key(name)])
    kanas = keys.kanas_looked_for(code, [kana_key(kana)])
    with weighing(code):
        rows = list(
            EarlierRecord.objects.select_for_update(of=("self",))
            .filter(municipality=municipality, status__in=OPEN)
            .filter(Q(name_key__in=names) | Q(kana_key__in=kanas))
            .select_related("batch", "municipality")
            .order_by("pk")
        )
        if not rows:
            return 0
        changed = match(municipality, rows, EarlierMatch.REGISTERED)
        save(changed)
    return sum(row.resident_id == resident for row in changed)
