"""A municipality sets what it asks for (R8, R12)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from attendance.models import ParticipationRecord
from common import clock
from common.refusal import Refused
from registration.enums import RegistrationStatus
from registration.models import MunicipalConditions, PremiumStanding, Registration
from registration.queries import parameters_on, place_of
from registration.rules.engine import decide
from registration.rules.facts import Facts, Taken
from registration.rules.parameters import LEAST_PARTICIPATIONS, Parameters
from registration.rules.year import counting_window
from tenants.context import public_context
from tenants.models import Municipality


@transaction.atomic
def set_conditions(
    municipality: Municipality, officer: User, values: dict[str, Any], seen: int
) -> MunicipalConditions:
    """Add a version with these fields; `seen` is the version they were entered upon.

    What is asked for already is no new version: safe to repeat. Raises `Refused`: "too_few"
    (least), "conditions_changed" where a colleague has set another version since.
    """
    if values["needed_participations"] < LEAST_PARTICIPATIONS:
        raise Refused("too_few", least=LEAST_PARTICIPATIONS)
    with public_context():
        newest = MunicipalConditions.objects.newest_of(municipality)
        if all(getattr(newest, name) == value for name, value in values.items()):
            return newest
        if newest.version != seen:
            raise Refused("conditions_changed")
        try:
            with transaction.atomic():
                return MunicipalConditions.objects.create(
                    municipality=municipality, version=seen + 1, set_by=officer, **values
                )
        except IntegrityError:  # of two at the same moment, the later one
            raise Refused("conditions_changed") from None


@dataclass(frozen=True)
class Tried:
    """How many registrants who live elsewhere have taken part as the conditions ask, under those
    in force (`now`) and under others (`then`); the same of those with premium standing."""

    registrants: int
    now: int
    then: int
    premium: int
    premium_now: int
    premium_then: int


def try_conditions(municipality: Municipality, conditions: MunicipalConditions) -> Tried:
    """What `conditions` would change for the people registered today; a few queries.

    Only what conditions change is judged: participations, their field and hours, of sessions of
    this municipality. Identity, consent and the limit of each person are nobody's business here.
    """
    with public_context():
        registrants = Registration.objects.filter(
            municipality=municipality, status=RegistrationStatus.ACTIVE, lives_here=False
        )
        standings = PremiumStanding.objects.running().filter(
            municipality=municipality, derived_from=None
        )
        premium = set(standings.values_list("resident_id", flat=True))
        newest = MunicipalConditions.objects.newest_of(municipality)
        now: set[UUID] = set()
        then: set[UUID] = set()
        parameters, today = parameters_on(), clock.today()
        place = place_of(municipality.local_government)
        for resident, taken in _taken(municipality, registrants, parameters, today):
            facts = Facts(
                today=today,
                municipality=place,
                residence=place_of(None),
                is_registered=True,
                identity_valid=True,
                is_minor=False,
                guardian_consent=True,
                parameters=parameters,
                participations=taken,
                documents_checked=True,
            )
            if decide(replace(facts, asked=newest.as_rules())).allowed:
                now.add(resident)
            if decide(replace(facts, asked=conditions.as_rules())).allowed:
                then.add(resident)
        return Tried(
            registrants=registrants.count(),
            now=len(now),
            then=len(then),
            premium=len(premium),
            premium_now=len(now & premium),
            premium_then=len(then & premium),
        )


def _taken(
    municipality: Municipality,
    registrants: QuerySet[Registration],
    parameters: Parameters,
    today: date,
) -> Iterator[tuple[UUID, tuple[Taken, ...]]]:
    """Of whoever has the least that anybody may ask for: what they took part in this year."""
    records = (
        ParticipationRecord.objects.filter(
            municipality=municipality,
            session_date__range=counting_window(today, parameters.window),
            resident_id__in=registrants.values("resident_id"),
        )
        .counted()
        .filter(Q(counted_designated=True))
        .order_by()
    )
    candidates = (
        records.values("resident_id")
        .annotate(sessions=Count("session_uuid", distinct=True))
        .filter(sessions__gte=LEAST_PARTICIPATIONS)
        .values("resident_id")
    )
    rows = records.filter(resident_id__in=candidates).order_by("resident_id")
    columns = ("resident_id", "session_uuid", "session_date", "category", "counted_hours")
    for resident, found in groupby(rows.values_list(*columns).iterator(), itemgetter(0)):
        yield (
            resident,
            tuple(
                Taken(str(session), day, municipality.code, True, category, hours)
                for _resident, session, day, category, hours in found
            ),
        )
