"""A participation was voided: what that means for the renewal is said at once (R8, R14)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Resident
from attendance.models import ParticipationRecord
from registration.operations.premium.common import as_person
from registration.operations.premium.deciding import read_facts
from registration.operations.premium.letters import tell
from registration.queries import standings_of
from registration.rules.engine import decide


@transaction.atomic
def tell_of_voided(resident: Resident, record: ParticipationRecord) -> int:
    """Tell the holder of each running standing that `record` may be judged for how many
    participations still count. Returns to how many standings.

    Participations are judged at the end of the term: the standing itself stays, and no decision
    is made or kept here. A prefecture may count its cities' activities (R9).
    """
    place = record.municipality.local_government
    judging = {place.code, place.prefecture_id}
    told = 0
    with as_person(resident) as person:
        for standing in standings_of(person).filter(
            derived_from=None, municipality__in=judging - {None}
        ):
            registration = standing.registration
            registration.resident = person
            registration.municipality = standing.municipality
            enough = next(
                item
                for item in decide(read_facts(registration, documents_checked=True)).conditions
                if item.code == "enough_participations"
            )
            tell(
                registration,
                "participation_voided",
                standing=standing,
                record=record,
                have=enough.data["have"],
                need=enough.data["need"],
            )
            told += 1
    return told
