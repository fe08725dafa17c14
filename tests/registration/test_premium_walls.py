"""Under the run-time login: applying and approving work, and no SQL finds what is another's."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Resident, User
from common.refusal import Refused
from registration.models import (
    ApplicationDocument,
    ApplicationMessage,
    MunicipalConditions,
    PremiumApplication,
    PremiumDecision,
    PremiumSlot,
    PremiumStanding,
    Registration,
    Stay,
)
from registration.operations import leave
from registration.operations.premium import (
    accept_stay,
    answer,
    apply,
    approve,
    ask,
    choose,
    hand_in,
    refuse,
    tell_stay,
    withdraw,
)
from registration.queries import standings_of
from tenants.actors import signed_in, staff
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA, MIYAGI
from tests.factories.premium import conditions, make_eligible, make_verified
from tests.factories.staff import make_member
from tests.isolation.logins import at_run_time


@dataclass
class Scene:
    here: Municipality
    there: Municipality
    resident: Resident
    other: Resident
    officer: User
    stranger: User  # an officer of `there`
    registrations: dict[str, Registration]


@pytest.fixture
def scene(own_database: str) -> Scene:
    connection.set_schema_to_public()
    here, there = (Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA))
    resident, other = make_verified(), make_verified()
    made = {place.code: make_eligible(resident, place) for place in (here, there)}
    make_eligible(other, here)
    conditions(here, asks_documents=True, long_stay_days=1)
    return Scene(
        here, there, resident, other,
        make_member(here, "registration_officer"), make_member(there, "registration_officer"),
        made,
    )  # fmt: skip


def as_resident(scene: Scene, who: Resident | None = None):
    who = who or scene.resident
    return at_run_time(signed_in(who.user_id, who.pk))


def as_officer(scene: Scene, municipality: Municipality | None = None):
    place = municipality or scene.here
    officer = scene.officer if place == scene.here else scene.stranger
    return at_run_time(staff(officer.pk, place.code), place)


def test_from_the_application_to_the_end(scene: Scene) -> None:
    with as_resident(scene):
        assert apply(scene.registrations[HIDA]).status == "granted", "no documents asked for"
        application = apply(scene.registrations[KESENNUMA])
        hand_in(application, "a.pdf", b"%PDF-")
        stay = tell_stay(
            scene.registrations[KESENNUMA], application.submitted_at.date(),
            application.submitted_at.date(), "receipt",
        )  # fmt: skip
    with as_officer(scene, scene.there):
        assert not PremiumApplication.objects.filter(pk=application.pk).exists()
        for move in (
            lambda: approve(application, scene.stranger),
            lambda: ask(application, scene.stranger, "?"),
            lambda: refuse(application, scene.stranger, "!"),
            lambda: accept_stay(stay, scene.stranger),
        ):
            with pytest.raises(Refused, match="not_yours"):
                move()
    with as_officer(scene):
        assert ApplicationDocument.objects.get().name == "a.pdf"
        ask(application, scene.officer, "いつですか。")
    with as_resident(scene):
        assert ApplicationMessage.objects.get().text == "いつですか。"
        answer(application, "先月です。")
    with as_officer(scene):
        assert approve(application, scene.officer).status == "granted"
        accept_stay(stay, scene.officer)
    with as_resident(scene):
        standings = {str(row.municipality_id): row for row in standings_of(scene.resident)}
        assert set(standings) == {KESENNUMA, MIYAGI, HIDA, "210005"}
        assert standings[KESENNUMA].long_stay
        choose(scene.resident, standings[KESENNUMA])
        leave(scene.registrations[HIDA])
        assert not standings_of(scene.resident)


def test_an_application_is_refused_or_taken_back(scene: Scene) -> None:
    with as_resident(scene):
        application = apply(scene.registrations[KESENNUMA])
    with as_officer(scene):
        assert refuse(application, scene.officer, "足りません。").status == "refused"
    with as_resident(scene):
        again = apply(scene.registrations[KESENNUMA])
        assert again != application
        assert withdraw(again).status == "withdrawn"


def test_nobody_reads_or_writes_what_is_another_s(scene: Scene) -> None:
    with as_resident(scene):
        apply(scene.registrations[HIDA])
        application = apply(scene.registrations[KESENNUMA])
        hand_in(application, "a.pdf", b"%PDF-")
    with as_resident(scene, scene.other):
        for model in (
            PremiumApplication, PremiumStanding, PremiumDecision, PremiumSlot, Stay,
            ApplicationDocument, ApplicationMessage,
        ):  # fmt: skip
            assert not model.objects.exists(), model
        assert MunicipalConditions.objects.exists(), "what is asked for is public"
    with as_officer(scene):
        assert not PremiumStanding.objects.exists(), "not those elsewhere"
        assert not PremiumDecision.objects.exists()
        assert not PremiumSlot.objects.exists(), "nor how many there are"
        with pytest.raises(ProgrammingError) as raised, transaction.atomic():
            MunicipalConditions.objects.create(municipality=scene.there, version=9)
        assert isinstance(raised.value.__cause__, psycopg.errors.InsufficientPrivilege)
    with as_officer(scene, scene.there):
        (standing,) = PremiumStanding.objects.all()
        assert str(standing.municipality_id) == HIDA
        assert not PremiumApplication.objects.exclude(municipality=scene.there).exists()
