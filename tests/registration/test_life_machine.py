"""Any order of registering, leaving, taking part, moving, applying and time passing, against a
model that fits in a few dicts (A21, invariants 1-5, 9, 10, 12).

A few hundred steps; ten thousand with HYPOTHESIS_PROFILE=nightly.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Resident
from attendance.models import ParticipationRecord
from attendance.operations.ledger.amend import void
from common import clock
from common.refusal import Refused
from identity.models import GuardianConsent
from identity.operations.guardians import withdraw
from registration.models import PremiumSlot, PremiumStanding, Registration
from registration.operations import follow_move, leave, register
from registration.operations.coregister import coregister_late
from registration.operations.premium import apply, lapse, reassess, settle
from registration.queries import active_registration, standings_of
from registration.rules.terms import first_term, next_end
from registration.rules.year import first_day_of_year_to
from tenants.models import Municipality
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.factories.guardians import make_consent, make_guardian, verify
from tests.factories.premium import make_verified, paper_municipality, took_part

pytestmark = pytest.mark.django_db
NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
SENDAI, CHIYODA, SAPPORO = "041009", "131016", "011002"
PREFECTURE = {
    KESENNUMA: MIYAGI, SENDAI: MIYAGI, HIDA: GIFU, CHIYODA: "130001", SAPPORO: "010006",
    MIYAGI: MIYAGI, GIFU: GIFU, "271004": "270008",
}  # fmt: skip
PLACES = [KESENNUMA, SENDAI, MIYAGI, HIDA, GIFU, CHIYODA, SAPPORO]
TEEN_BORN = date(2009, 3, 1)  # of age within the first months
who, where = st.sampled_from([0, 1, 2]), st.sampled_from(PLACES)


def is_prefecture(code: str) -> bool:
    return PREFECTURE[code] == code


def lives_in(home: str, code: str) -> bool:
    return (PREFECTURE[home] if is_prefecture(code) else home) == code


@dataclass
class Known:
    """What the model knows of one person. `premium`: direct standings and their last day."""

    born: date
    home: str = "271004"
    origins: dict[str, str] = field(default_factory=dict)
    days: list[tuple[str, date]] = field(default_factory=list)
    premium: dict[str, date] = field(default_factory=dict)
    proved_until: date | None = None
    consented: bool = False

    def cities_in(self, prefecture: str) -> list[str]:
        return [c for c in self.origins if PREFECTURE[c] == prefecture and c != prefecture]

    def counted(self, extra: str = "") -> set[str]:
        codes = {*self.premium, extra} - {""}
        inside = {PREFECTURE[code] for code in codes if not is_prefecture(code)}
        return {code for code in codes if not (is_prefecture(code) and code in inside)}

    def derived(self) -> dict[str, date]:
        ends: dict[str, date] = {}
        for code, last in self.premium.items():
            home = PREFECTURE[code]
            if code != home and home in self.origins and home not in self.premium:
                ends[home] = max(last, ends.get(home, last))
        return ends

    def is_minor(self, today: date) -> bool:
        return today < self.born.replace(year=self.born.year + 18)

    def may(self, code: str, today: date) -> bool:
        days = {
            day for place, day in self.days
            if place == code and first_day_of_year_to(today) <= day <= today
        }  # fmt: skip
        return (
            len(days) >= 3
            and self.proved_until is not None
            and self.proved_until > today
            and (not self.is_minor(today) or self.consented)
            and not lives_in(self.home, code)
            and len(self.counted(code)) <= 3
        )


class Life(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.day = date(2026, 12, 1)
        self.joined, self.moments = {GIFU}, 0
        with self.now():
            for code in (SENDAI, CHIYODA, SAPPORO):
                paper_municipality(code)
            Municipality.objects.filter(pk=MIYAGI).update(status="preparing")
            born = [date(1980, 1, 1), date(1990, 1, 1), TEEN_BORN]
            self.people: list[Resident] = [
                make_verified(residence_id="271004", birth_date=one) for one in born
            ]
            self.guardian = make_guardian()
        until = self.day + timedelta(days=3650)
        self.known = [Known(one, proved_until=until) for one in born]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @contextmanager
    def now(self) -> Iterator[None]:
        self.moments += 1  # nothing happens at the same moment
        with clock.as_of(clock.at_noon(self.day) + timedelta(seconds=self.moments)):
            yield

    def registration(self, one: int, code: str) -> Registration | None:
        return active_registration(self.people[one].pk, Municipality.objects.get(pk=code))

    @rule(one=who, code=where)
    def register(self, one: int, code: str) -> None:
        if is_prefecture(code) and code not in self.joined:
            return
        with self.now():
            register(self.people[one], Municipality.objects.get(pk=code))
        origins = self.known[one].origins
        origins[code] = "direct"
        if PREFECTURE[code] in self.joined:
            origins.setdefault(PREFECTURE[code], "co_registered")

    @rule(one=who, code=where)
    def leave(self, one: int, code: str) -> None:
        known, row = self.known[one], self.registration(one, code)
        if row is None:
            return
        held = is_prefecture(code) and known.cities_in(code)
        with self.now():
            if held and known.origins[code] == "co_registered":
                with pytest.raises(Refused, match="held_by_city"):
                    leave(row)
                return
            leave(row)
        known.premium.pop(code, None)
        if held:
            known.origins[code] = "co_registered"
            return
        del known.origins[code]
        home = PREFECTURE[code]
        if known.origins.get(home) == "co_registered" and not known.cities_in(home):
            del known.origins[home]

    @precondition(lambda self: MIYAGI not in self.joined)
    @rule()
    def prefecture_joins(self) -> None:
        Municipality.objects.filter(pk=MIYAGI).update(status="published")
        self.joined.add(MIYAGI)
        with self.now():
            coregister_late()
            assert coregister_late() == 0
            for one, person in enumerate(self.people):
                settle(person)  # what the worker does with its message
                if self.known[one].cities_in(MIYAGI):
                    self.known[one].origins.setdefault(MIYAGI, "co_registered")

    @rule(one=who, code=where, times=st.sampled_from([1, 3, 3, 3]), designated=st.booleans())
    def take_part(self, one: int, code: str, times: int, designated: bool) -> None:
        with self.now():
            for days in range(times):
                day = self.day - timedelta(days=days)
                took_part(
                    self.people[one], Municipality.objects.get(pk=code), day, designated=designated
                )
                if designated:
                    self.known[one].days.append((code, day))

    @rule(one=who, newest=st.booleans())
    def void_a_participation(self, one: int, newest: bool) -> None:
        """It never counts in a decision made after it (A21.6)."""
        known = self.known[one]
        if not known.days:
            return
        code, day = known.days.pop(-1 if newest else 0)
        row = ParticipationRecord.objects.counted().filter(
            resident=self.people[one], municipality=code, session_date=day, designated=True
        )
        with self.now():
            void(row.order_by("pk")[0], None, "別の人の記録")

    @rule(one=who)
    def prove_identity(self, one: int) -> None:
        with self.now():
            self.people[one].verifications.filter(ended_at=None).update(ended_at=clock.now())
            until = clock.now() + timedelta(days=200)
            verify(self.people[one], valid_until=until)
            reassess(self.people[one])
        self.known[one].proved_until = self.day + timedelta(days=200)

    @rule(one=who)
    def proof_ends(self, one: int) -> None:
        with self.now():
            self.people[one].verifications.filter(ended_at=None).update(ended_at=clock.now())
            reassess(self.people[one])
        self.known[one].proved_until = None

    @rule()
    def guardian_agrees_or_not(self) -> None:
        child, known = self.people[2], self.known[2]
        if not known.is_minor(self.day):
            return
        with self.now():
            consent = GuardianConsent.objects.filter(resident=child, end_reason="").first()
            if consent is None:
                make_consent(child, self.guardian)
                known.consented = True
                return
            withdraw(consent.pk, self.guardian)
        known.consented = False
        known.premium.clear()

    @rule(one=who, home=st.sampled_from([KESENNUMA, CHIYODA, "271004"]))
    def move(self, one: int, home: str) -> None:
        person = self.people[one]
        with self.now():
            Resident.objects.filter(pk=person.pk).update(residence=home)
            person.refresh_from_db()
            follow_move(person)
            reassess(person)
        self.known[one].home = home

    @rule(one=who, code=where)
    def apply(self, one: int, code: str) -> None:
        known, row = self.known[one], self.registration(one, code)
        if row is None:
            return
        last = known.premium.get(code)
        expected = known.may(code, self.day)
        if last is not None and self.day < last - timedelta(days=60):
            expected = False
        with self.now():
            try:
                granted = apply(row).status == "granted"
            except Refused:
                granted = False
        assert granted == expected, (known, code, self.day)
        if granted:
            known.premium[code] = next_end(last) if last else first_term(self.day)[1]
            known.origins[code] = "direct"

    @rule(one=who, code=where)
    def meet_all_and_apply(self, one: int, code: str) -> None:
        """Chance alone rarely meets every condition at once."""
        self.register(one, code)
        self.take_part(one, code, 3, designated=True)
        self.apply(one, code)

    @rule(days=st.sampled_from([1, 7, 59, 90, 200, 310]))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)
        with self.now():
            for _twice in range(2):
                over = PremiumStanding.objects.running().filter(
                    ends_on__lt=self.day, derived_from=None
                )
                for standing in over.select_related("registration"):
                    lapse(standing)
        for known in self.known:
            known.premium = {c: last for c, last in known.premium.items() if last >= self.day}

    @rule(one=who)
    def nothing_happens_twice(self, one: int) -> None:
        before = self.rows(one)
        with self.now():
            settle(self.people[one])
            reassess(self.people[one])
        assert self.rows(one) == before

    def rows(self, one: int) -> list[dict[str, object]]:
        return list(PremiumStanding.objects.filter(resident=self.people[one]).values())

    @invariant()
    def all_is_as_the_model_says(self) -> None:
        for person, known in zip(self.people, self.known, strict=True):
            rows = Registration.objects.filter(resident=person, status="active")
            held = {str(row.municipality_id): row for row in rows}
            assert {code: row.origin for code, row in held.items()} == known.origins
            derived = known.derived()
            kinds = {code for code, row in held.items() if row.kind == "premium"}
            assert kinds == {*known.premium, *derived}
            for code, row in held.items():
                assert row.lives_here == lives_in(known.home, code)
            standings = list(standings_of(person))
            assert not any(row.over_limit for row in standings)
            direct = {str(r.municipality_id): r.ends_on for r in standings if not r.derived_from_id}
            assert direct == known.premium
            follow = {str(r.municipality_id): r.ends_on for r in standings if r.derived_from_id}
            assert follow == derived
            slots = PremiumSlot.objects.filter(resident=person)
            codes = slots.values_list("standing__municipality_id", flat=True)
            assert set(map(str, codes)) == known.counted()
            assert len(known.counted()) <= 3


def test_any_life_is_as_the_model_says(db):
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=200 if NIGHTLY else 10,
            stateful_step_count=50 if NIGHTLY else 30,
            deadline=None,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )
