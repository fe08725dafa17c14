"""What follows from a resident's premium standings: slots, derived standings, the limit (R7).

Everything is computed from the standings that run, whatever has just happened: called twice it
changes nothing the second time.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import Resident
from common import clock
from common.refusal import Refused
from registration.enums import EventKind, PremiumEnd, RegistrationKind, StandingStatus
from registration.models import PremiumSlot, PremiumStanding, Registration
from registration.operations.premium.common import CLOCK, By, record
from registration.operations.premium.letters import tell
from registration.queries import parameters_on, place_of, registrations_of, standings_of
from registration.rules.facts import Held
from registration.rules.limit import counts
from registration.rules.moves import Move, moved
from registration.signals import premium_changed


def settle(
    resident: Resident, by: By = CLOCK, new: PremiumStanding | None = None
) -> list[PremiumStanding]:
    """Bring slots, derived standings and kinds in line; called as the resident, who is locked.

    `new` has just begun: where it finds no slot it may not, and `Refused("limit_reached")` is
    raised. Any other that counts and finds none is marked over the limit, and is within again as
    soon as a slot is free. Returns the standings that run.
    """
    _follow_cities(resident, by)
    standings = list(standings_of(resident))
    _settle_slots(resident, standings, by, new)
    running = {row.registration_id for row in standings}
    for row in registrations_of(resident):
        kind = RegistrationKind.PREMIUM if row.pk in running else RegistrationKind.BASIC
        if row.kind != kind:
            row.kind = kind
            row.save(update_fields=["kind"])
    return standings


def end_row(
    standing: PremiumStanding, move: Move, by: By = CLOCK, reason: str = "", *, silent: bool = False
) -> None:
    """End one standing and free its slot; whoever calls this settles the rest afterwards."""
    standing.status = StandingStatus(moved(standing.status, move))
    standing.ended_at = clock.now()
    standing.over_limit = False
    standing.save(update_fields=["status", "ended_at", "over_limit"])
    PremiumSlot.objects.filter(standing=standing).delete()
    registration = standing.registration
    registration.kind = RegistrationKind.BASIC
    registration.save(update_fields=["kind"])
    record(registration, EventKind.PREMIUM_LAPSED, by, reason=reason)
    if not silent:
        tell(registration, "lapsed", standing=standing, reason=PremiumEnd(reason).label)
    changed(standing, "lapsed")


def changed(standing: PremiumStanding, what: str) -> None:
    premium_changed.send(
        sender=PremiumStanding, registration=standing.registration, standing=standing, what=what
    )


def _follow_cities(resident: Resident, by: By) -> None:
    """Each taking-part prefecture follows the premium city inside that ends last."""
    standings = {str(row.municipality_id): row for row in standings_of(resident)}
    cities: dict[str, PremiumStanding] = {}
    for row in standings.values():
        if not row.municipality.is_prefecture:
            best = cities.get(row.municipality.prefecture_code)
            if best is None or row.ends_on > best.ends_on:
                cities[row.municipality.prefecture_code] = row
    for registration in registrations_of(resident):
        if not registration.municipality.is_prefecture:
            continue
        registration.resident = resident
        code = registration.municipality.code
        city, own = cities.get(code), standings.get(code)
        if own is None and city is not None:
            _derive(registration, city, by)
        elif own is not None and own.derived_from_id is not None:
            own.registration = registration
            _follow(own, city, by)


def _derive(registration: Registration, city: PremiumStanding, by: By) -> None:
    made = PremiumStanding.objects.create(
        registration=registration,
        resident_id=registration.resident_id,
        municipality=registration.municipality,
        starts_on=max(city.starts_on, clock.today()),
        ends_on=city.ends_on,
        derived_from=city,
        decision_id=city.decision_id,
    )
    record(registration, EventKind.PREMIUM_DERIVED, by, city.decision)
    registration.kind = RegistrationKind.PREMIUM
    registration.save(update_fields=["kind"])
    changed(made, "granted")


def _follow(own: PremiumStanding, city: PremiumStanding | None, by: By) -> None:
    if city is None:
        end_row(own, Move.LAPSE, by, PremiumEnd.CITY_ENDED, silent=True)
    elif (own.derived_from_id, own.ends_on) != (city.pk, city.ends_on):
        longer = city.ends_on > own.ends_on
        own.derived_from, own.ends_on, own.decision_id = city, city.ends_on, city.decision_id
        own.save(update_fields=["derived_from", "ends_on", "decision"])
        if longer:
            record(own.registration, EventKind.PREMIUM_RENEWED, by, city.decision)
        changed(own, "renewed")


def _settle_slots(
    resident: Resident, standings: list[PremiumStanding], by: By, new: PremiumStanding | None
) -> None:
    held = [
        Held(place_of(row.municipality.local_government), derived=row.derived_from_id is not None)
        for row in standings
    ]
    counting = [
        row
        for row, item in zip(standings, held, strict=True)
        if not item.derived and counts(item.place, held)
    ]
    PremiumSlot.objects.filter(resident=resident).exclude(standing__in=counting).delete()
    with_slot = set(
        PremiumSlot.objects.filter(resident=resident).values_list("standing_id", flat=True)
    )
    for row in standings:
        if row not in counting and row.over_limit:
            _mark(row, over=False, by=by, resident=resident)
    # What has just begun comes last: it may not drive another one over the limit.
    for row in sorted(counting, key=lambda one: (new is not None and one.pk == new.pk, one.pk)):
        if row.pk not in with_slot and not _take_slot(row):
            if new is not None and row.pk == new.pk:
                raise Refused("limit_reached")
            if not row.over_limit:
                _mark(row, over=True, by=by, resident=resident)
        elif row.over_limit:
            _mark(row, over=False, by=by, resident=resident)


def _take_slot(standing: PremiumStanding) -> bool:
    """Take the lowest free number; the constraint decides where two try at once."""
    taken = set(
        PremiumSlot.objects.filter(resident_id=standing.resident_id).values_list(
            "number", flat=True
        )
    )
    for number in range(1, parameters_on().max_premium + 1):
        if number in taken:
            continue
        try:
            with transaction.atomic():
                PremiumSlot.objects.create(
                    standing=standing, resident_id=standing.resident_id, number=number
                )
        except IntegrityError:
            continue
        return True
    return False


def _mark(standing: PremiumStanding, *, over: bool, by: By, resident: Resident) -> None:
    standing.over_limit = over
    standing.save(update_fields=["over_limit"])
    registration = standing.registration
    registration.resident, registration.municipality = resident, standing.municipality
    record(registration, EventKind.OVER_LIMIT if over else EventKind.WITHIN_LIMIT, by)
    if over:
        tell(registration, "over_limit", standing=standing)
    changed(standing, "over_limit" if over else "within_limit")
