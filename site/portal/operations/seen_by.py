"""Gathering what one municipality sees of a resident."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Resident
from attendance.models import ParticipationRecord, SignUp
from attendance.queries import participations_of
from certificates.models import Certificate
from common.in_words import in_words
from community.models import Post
from privacy.models import AccessRecord, ExportRecord
from privacy.queries import person_of
from registration.models import Registration
from registration.operations.disclosure import Fact, facts, told
from surveys.queries import answers_of, chosen_words
from tenants.context import municipality_context
from tenants.models import Municipality

# What a list of registrants shows; all else is seen by whoever says first what for.
_LISTED = {"name", "residence_name"}


@dataclass(frozen=True)
class Snapshot:
    """One registration with the municipality, and what it holds of it now."""

    registration: Registration
    listed: tuple[Fact, ...]
    opened: tuple[Fact, ...]

    @property
    def is_empty(self) -> bool:
        """Whether what was told has been erased."""
        return not self.registration.family_name


@dataclass(frozen=True)
class Answered:
    """One answer to a question of the municipality's; earlier ones were given before."""

    question: str
    words: str
    at: datetime
    is_current: bool


@dataclass(frozen=True)
class Seen:
    """Everything a municipality sees of one resident; newest first."""

    municipality: Municipality
    snapshots: list[Snapshot]
    answers: list[Answered]
    posts: int
    sign_ups: list[SignUp]
    participations: list[ParticipationRecord]
    certificates: list[Certificate]
    looks: int

    @property
    def current(self) -> Registration | None:
        """The registration that holds, if one does."""
        return next(
            (one.registration for one in self.snapshots if one.registration.is_active), None
        )


def seen_by(resident: Resident, municipality: Municipality) -> Seen | None:
    """What `municipality` sees of `resident`, who must be who acts; None where they never were
    registered. A fixed number of statements.
    """
    person = person_of(resident)
    registrations = list(
        Registration.objects.filter(
            resident__in=person.residents, municipality=municipality
        ).order_by("status", "-registered_at", "-pk")
    )
    if not registrations:
        return None
    with municipality_context(municipality):
        answers = [
            Answered(
                row.question_text, in_words(chosen_words(row)), row.answered_at, row.is_current
            )
            for row in answers_of(person.residents)
        ]
        posts = Post.objects.filter(author_id__in=person.residents).count()
    here = {"municipality": municipality}
    looked = AccessRecord.objects.of_resident(resident.pk).filter(**here)
    exported = ExportRecord.objects.of_resident(resident.pk).filter(**here)
    return Seen(
        municipality=municipality,
        snapshots=[_snapshot(registration) for registration in registrations],
        answers=answers,
        posts=posts,
        sign_ups=list(
            SignUp.objects.filter(resident__in=person.residents, **here).order_by("-starts_at")
        ),
        participations=list(participations_of(resident).filter(**here)),
        certificates=list(Certificate.objects.filter(resident__in=person.residents, **here)),
        looks=looked.count() + exported.count(),
    )


def _snapshot(registration: Registration) -> Snapshot:
    known = facts(told(registration))
    return Snapshot(
        registration,
        listed=tuple(fact for fact in known if fact.key in _LISTED),
        opened=tuple(fact for fact in known if fact.key not in _LISTED),
    )


def places_of(resident: Resident) -> list[Municipality]:
    """Where the resident is or was registered, in the order of the codes; three statements."""
    codes = Registration.objects.filter(resident__in=person_of(resident).residents).order_by()
    return list(
        Municipality.objects.filter(pk__in=codes.values("municipality"))
        .select_related("local_government__prefecture")
        .order_by("pk")
    )
