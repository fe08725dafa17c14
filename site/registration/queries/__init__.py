"""What can be asked of registrations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.models import CounterEntry, Resident
from accounts.rules.ages import is_minor
from attendance.models import ParticipationRecord
from attendance.queries import judged_of_person, participations_of
from common import clock
from common.decision import Condition, Decision
from identity.queries import birth_date_by, newest_proof_of, standing_of
from identity.rules.minors import Standing
from registration.enums import OPEN_APPLICATIONS, ApplicationStatus, RegistrationStatus
from registration.models import (
    MunicipalConditions,
    NationalParameters,
    PremiumApplication,
    PremiumStanding,
    Registration,
)
from registration.rules.engine import decide
from registration.rules.facts import Facts, Held, Taken
from registration.rules.parameters import Parameters
from registration.rules.residence import Place
from tenants.actors import weighing
from tenants.models import LocalGovernment, Municipality

_GOVERNMENT = "municipality__local_government__prefecture"
_PLACE = "municipality__local_government"
_JUDGED = ("derived_from_id", "over_limit", f"{_PLACE}__prefecture_id")


def registrations_of(resident: Resident) -> QuerySet[Registration]:
    """The registrations of a resident that hold, newest first."""
    return Registration.objects.filter(
        resident=resident, status=RegistrationStatus.ACTIVE
    ).select_related(_GOVERNMENT)


def registrants_of(municipality: Municipality) -> QuerySet[Registration]:
    """Who is registered with a municipality, newest first."""
    return Registration.objects.filter(municipality=municipality, status=RegistrationStatus.ACTIVE)


def active_registration(resident_id: UUID | str, municipality: Municipality) -> Registration | None:
    """The registration of a resident with a municipality, if it holds."""
    return (
        Registration.objects.filter(
            resident_id=resident_id,
            municipality=municipality,
            status=RegistrationStatus.ACTIVE,
        )
        .select_related(_GOVERNMENT)
        .first()
    )


def is_registered(resident_id: UUID | str, municipality: Municipality) -> bool:
    """Whether the resident is registered with the municipality now."""
    return Registration.objects.filter(
        resident_id=resident_id, municipality=municipality, status=RegistrationStatus.ACTIVE
    ).exists()


def display_names(municipality: Municipality, resident_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Short names (佐藤 ＊＊) of registrants, for each other; one query.

    Who is not registered with this municipality, or no longer, is left out.
    """
    rows = registrants_of(municipality).filter(resident_id__in=set(resident_ids))
    # No resident may read another's registration; the short name is all that leaves here.
    with weighing(municipality.code):
        return {
            row.resident_id: row.short_name
            for row in rows.only("resident_id", "family_name", "given_name")
        }


def possible_duplicates(
    municipality: Municipality, kana: str, birth_date: date
) -> list[Registration]:
    """Registrants of a municipality with this furigana and date of birth.

    Dates of birth stand encrypted, so those of the same furigana are read and compared here.
    """
    return [
        row
        for row in registrants_of(municipality).filter(kana=kana)
        if row.birth_date == birth_date
    ]


def registration_entered(entry: CounterEntry) -> Registration:
    """What a municipality's staff entered with `entry`, as it is disclosed to them now."""
    return Registration.objects.select_related(_GOVERNMENT).get(number=entry.registration_number)


def parameters_on(day: date | None = None) -> Parameters:
    """The national parameters in force on `day`, today if not given (R29)."""
    return NationalParameters.objects.in_force_on(day or clock.today()).as_rules()


def kind_names() -> dict[str, str]:
    """Both kinds as they are called today, in the active language (R29)."""
    return parameters_on().names(get_language() or "ja")


@dataclass(frozen=True)
class CountedRecord:
    """A participation, and the code of the reason why it does not count, "" if it does.

    Codes: see `registration.rules.premium` (`not_designated`, `before_window`, `same_day` …).
    """

    record: ParticipationRecord
    reason: str

    @property
    def counts(self) -> bool:
        return not self.reason


@dataclass(frozen=True)
class Progress:
    """How far a resident is towards premium with one municipality, with every reason."""

    registration: Registration
    decision: Decision
    records: tuple[CountedRecord, ...]
    conditions: MunicipalConditions
    standing: PremiumStanding | None = None

    @property
    def municipality(self) -> Municipality:
        return self.registration.municipality

    @property
    def participations(self) -> Condition:
        """The condition on participations; its data has have, need and missing."""
        return next(one for one in self.decision.conditions if one.code == "enough_participations")

    @property
    def have(self) -> int:
        return int(self.participations.data["have"])

    @property
    def need(self) -> int:
        return int(self.participations.data["need"])

    @property
    def missing(self) -> int:
        return int(self.participations.data["missing"])


def progress_of(resident: Resident, person: Person | None = None) -> list[Progress]:
    """Progress with each municipality the resident is registered with; six queries, two where
    `person` has been read."""
    registrations = list(registrations_of(resident))
    person = person or read_person(resident)
    asked = conditions_of([row.municipality_id for row in registrations])
    return [_progress(row, person, asked[str(row.municipality_id)]) for row in registrations]


def progress_at(registration: Registration, resident: Resident) -> Progress:
    """The same for one of the resident's registrations alone."""
    code = str(registration.municipality_id)
    return _progress(registration, read_person(resident), conditions_of([code])[code])


def _progress(
    registration: Registration, person: Person, conditions: MunicipalConditions
) -> Progress:
    here = registration.municipality_id
    decision = decide(facts_of(registration, person, conditions))
    standing = next((row for row in person.standings if row.municipality_id == here), None)
    progress = Progress(registration, decision, (), conditions, standing)
    data = progress.participations
    reasons = {item["session"]: item["reason"] for item in data.data["not_counted"]}
    # Cities' activities count for a prefecture that says so (R9), and then are named with its own.
    named = {*data.evidence, *reasons}
    shown = [
        row
        for row in person.records
        if row.municipality_id == here or str(row.session_uuid) in named
    ]
    return replace(
        progress,
        records=tuple(CountedRecord(row, reasons.get(str(row.session_uuid), "")) for row in shown),
    )


@dataclass(frozen=True)
class Person:
    """What every decision on one resident is read from, whatever the municipality."""

    resident: Resident
    parameters: Parameters
    records: tuple[ParticipationRecord, ...]
    standings: tuple[PremiumStanding, ...]
    identity_valid: bool
    standing: Standing


def read_person(resident: Resident, standing: Standing | None = None) -> Person:
    """Read under the resident's own claims; four queries, one more for a minor without
    `standing`."""
    return _person(resident, standing, participations_of(resident), standings_of(resident))


def judged_person(resident: Resident) -> Person:
    """As `read_person`, with no more of each row than a decision is read from."""
    held = standings_of(resident).select_related(None)
    return _person(
        resident,
        None,
        judged_of_person(resident.pk),
        held.select_related(_PLACE).only(*_JUDGED),
    )


def _person(
    resident: Resident,
    standing: Standing | None,
    records: Iterable[ParticipationRecord],
    standings: Iterable[PremiumStanding],
) -> Person:
    proof = newest_proof_of(resident.pk)
    return Person(
        resident=resident,
        parameters=parameters_on(),
        records=tuple(records),
        standings=tuple(standings),
        identity_valid=proof is not None and proof.holds,
        standing=standing or standing_of(resident, birth_date_by(proof, resident)),
    )


def facts_of(
    registration: Registration,
    person: Person,
    conditions: MunicipalConditions,
    today: date | None = None,
    documents_checked: bool = False,
) -> Facts:
    """What a decision on premium at `registration` is read from (R8-R13)."""
    here, today = registration.municipality_id, today or clock.today()
    return Facts(
        today=today,
        municipality=place_of(registration.municipality.local_government),
        residence=place_of(person.resident.residence),
        is_registered=registration.is_active,
        identity_valid=person.identity_valid,
        is_minor=is_minor(person.standing.born, today, person.parameters.adult_age),
        guardian_consent=person.standing.consented,
        parameters=person.parameters,
        participations=tuple(
            Taken(
                session=str(row.session_uuid),
                day=row.session_date,
                municipality=str(row.municipality_id),
                designated=row.counted_designated,
                category=row.category,
                hours=row.counted_hours,
            )
            for row in person.records
        ),
        held=tuple(
            Held(
                place=place_of(row.municipality.local_government),
                derived=row.derived_from_id is not None,
                over_limit=row.over_limit,
            )
            for row in person.standings
            if row.municipality_id != here
        ),
        asked=conditions.as_rules(),
        documents_checked=documents_checked,
    )


def conditions_of(codes: Iterable[str]) -> dict[str, MunicipalConditions]:
    """What each of these municipalities asks for today; one query."""
    newest = (
        MunicipalConditions.objects.filter(municipality__in=set(codes))
        .order_by("municipality_id", "-version")
        .distinct("municipality_id")
    )
    found = {str(row.municipality_id): row for row in newest}
    return {
        code: found.get(str(code)) or MunicipalConditions(municipality_id=code, version=0)
        for code in map(str, codes)
    }


def standings_of(resident: Resident) -> QuerySet[PremiumStanding]:
    """The premium standings of a resident that run, oldest first."""
    return (
        PremiumStanding.objects.running()
        .filter(resident=resident)
        .select_related(_GOVERNMENT)
        .order_by("starts_on", "pk")
    )


def standing_at(registration: Registration) -> PremiumStanding | None:
    """The premium standing that runs at this registration, if there is one."""
    return PremiumStanding.objects.running().filter(registration=registration).first()


def open_applications_of(resident: Resident) -> dict[int, PremiumApplication]:
    """The resident's applications that nobody has decided yet, by registration."""
    rows = PremiumApplication.objects.filter(resident=resident, status__in=OPEN_APPLICATIONS)
    return {row.registration_id: row for row in rows}


def applications_waiting(municipality: Municipality) -> QuerySet[PremiumApplication]:
    """Applications that an officer has to look at, the oldest first; those that wait for an
    answer of the resident's are left out."""
    return (
        PremiumApplication.objects.filter(
            municipality=municipality,
            status__in=(ApplicationStatus.SUBMITTED, ApplicationStatus.PROPOSED),
        )
        .select_related("registration", "decision")
        .order_by("submitted_at", "pk")
    )


def place_of(government: LocalGovernment | None) -> Place:
    """A local government as the rules know it; None: abroad, which is no municipality's."""
    if government is None:
        return Place("", "")
    return Place(government.code, government.prefecture_id or government.code)


def registrations_here(registration: Registration) -> QuerySet[Registration]:
    """This person's registrations with the same municipality, earlier ones too, newest first."""
    return Registration.objects.filter(
        resident_id=registration.resident_id, municipality_id=registration.municipality_id
    ).order_by("-registered_at")
