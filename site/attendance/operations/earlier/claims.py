"""A resident says: these participations are mine (A11.4).

Wrong and unknown get one answer; what is tried is counted before it is looked at, so that many
at once are all counted. Of a row nothing is shown before it is the resident's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.models import Resident
from accounts.operations.attempts import Attempt, spend
from attendance.enums import EarlierMatch
from attendance.models import EarlierCode, EarlierRecord
from attendance.models.earlier import OPEN
from attendance.operations.earlier import codes, keys, matching
from attendance.rules.earlier_people import Person, may_claim, name_key
from common import clock
from common.refusal import Refused
from tenants.actors import weighing
from tenants.models import Municipality

_WRONG = "earlier_wrong"


def claim_by_code(resident: Resident, written: str, network: str) -> list[EarlierRecord]:
    """Take the participations of the code's person into the account; the rows, now theirs.

    The date of birth on the list, if there is one, must be the account's. Raises
    `Refused("earlier_wrong")`, the same for an unknown, used and ended code and for another
    person's, and `Refused("too_many_attempts")`. Called outside of a transaction.
    """
    attempt = _count(resident, network)
    code = codes.code_named(written)
    if code is None:
        raise Refused(_WRONG)
    rows = _take_by_code(resident, code.pk, code.municipality)
    attempt.give_back()
    return rows


def claim_by_name(
    resident: Resident,
    municipality: Municipality,
    name: str,
    birth_date: date,
    phone: str,
    network: str,
) -> list[EarlierRecord]:
    """As `claim_by_code`, for who knows what stands on the list: name, date of birth and telephone
    number as they were then, all three.

    The date of birth must be the account's own: a name may change, that does not, and whoever
    proves it with a card later proves this too. Raises as `claim_by_code`.
    """
    attempt = _count(resident, network)
    if birth_date != resident.birth_date:
        raise Refused(_WRONG)
    rows = _take_by_name(resident, municipality, name, birth_date, phone)
    attempt.give_back()
    return rows


def _count(resident: Resident, network: str) -> Attempt:
    return spend("earlier", account=str(resident.user_id), network=network)


@transaction.atomic
def _take_by_code(
    resident: Resident, code_id: int, municipality: Municipality
) -> list[EarlierRecord]:
    with weighing(municipality.code):
        code = (
            EarlierCode.objects.select_for_update(of=("self",))
            .filter(pk=code_id, used_at=None, ended_at=None)
            .first()
        )
        if code is None:
            raise Refused(_WRONG)
        rows = _open_rows(municipality, "person_key", [code.person_key])
        rows = [row for row in rows if row.person and _is_born_like(row.person, resident)]
        taken = _take(rows, resident, EarlierMatch.CODE)
        code.used_at = clock.now()
        code.save(update_fields=["used_at"])
    return taken


def _is_born_like(person: Person, resident: Resident) -> bool:
    return person.birth_date in (None, resident.birth_date)


@transaction.atomic
def _take_by_name(
    resident: Resident, municipality: Municipality, name: str, birth_date: date, phone: str
) -> list[EarlierRecord]:
    wanted = keys.names_looked_for(municipality.code, [name_key(name)])
    with weighing(municipality.code):
        rows = [
            row
            for row in _open_rows(municipality, "name_key", wanted)
            if row.person and may_claim(row.person, name, birth_date, phone)
        ]
        return _take(rows, resident, EarlierMatch.CLAIM)


def _open_rows(
    municipality: Municipality, field: str, wanted: Sequence[str]
) -> list[EarlierRecord]:
    return list(
        EarlierRecord.objects.select_for_update(of=("self",))
        .filter(municipality=municipality, status__in=OPEN, **{f"{field}__in": wanted})
        .select_related("batch", "municipality__local_government__prefecture")
        .order_by("pk")
    )


def _take(rows: list[EarlierRecord], resident: Resident, way: EarlierMatch) -> list[EarlierRecord]:
    if not rows:
        raise Refused(_WRONG)
    for row in rows:
        matching.give(row, resident, way, resident.user)
    matching.save(rows)
    return rows
