"""The day's relation population against the rules that count it person by person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Resident
from common import clock
from registration.models import PopulationCount, Registration
from registration.operations.nightly.population import count_population
from registration.queries import place_of
from registration.rules.population import Member, belongs, population
from registration.rules.residence import Place
from tenants.actors import OWNER, VISITOR, Actor, acting, operator, staff, worker
from tenants.models import LocalGovernment, Municipality
from tenants.postgresql.connection import connection
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.factories.accounts import PEOPLE, ResidentFactory
from tests.factories.registration import register_resident
from tests.factories.standings import make_standing, prove
from tests.isolation.logins import at_run_time

SENDAI, TOKYO_CITY = "041009", "131016"


@pytest.fixture(autouse=True)
def _caretaker() -> Iterator[None]:
    with acting(OWNER):
        yield


def figures(scope: str, code: str = "") -> dict[str, int]:
    row = PopulationCount.objects.get(scope=scope, code=code, day=clock.today())
    return {
        name: getattr(row, name)
        for name in (
            "heads", "registrations", "residents_left_out", "verified", "declared", "unknown",
            "premium",
        )
        if getattr(row, name)
    }  # fmt: skip


def somebody(home: str | None) -> Resident:
    made: Resident = ResidentFactory(person=PEOPLE[1], residence_id=home)
    return made


def count() -> None:
    count_population(clock.today())


@pytest.mark.django_db
def test_who_lives_there_is_left_out_at_each_level(
    kesennuma: Municipality, miyagi: Municipality, hida: Municipality, gifu: Municipality
) -> None:
    register_resident(somebody(KESENNUMA), kesennuma)
    register_resident(somebody(SENDAI), kesennuma)
    count()
    assert figures("city", KESENNUMA) == {
        "heads": 1, "registrations": 1, "residents_left_out": 1, "declared": 1,
    }  # fmt: skip
    assert figures("prefecture", MIYAGI) == {"residents_left_out": 2}
    assert figures("nation") == {
        "heads": 1, "registrations": 1, "residents_left_out": 1, "declared": 1,
    }  # fmt: skip
    assert figures("city", HIDA) == {}


@pytest.mark.django_db
def test_heads_are_people_and_registrations_what_they_have(
    kesennuma: Municipality, miyagi: Municipality, hida: Municipality, gifu: Municipality
) -> None:
    person = somebody(TOKYO_CITY)
    prove(person)
    for place in (kesennuma, hida, gifu):
        register_resident(person, place)
    make_standing(person, hida, slot=1)
    abroad = somebody(None)
    register_resident(abroad, kesennuma)
    count()
    assert figures("nation") == {
        "heads": 2, "registrations": 4, "verified": 1, "unknown": 1, "premium": 1,
    }  # fmt: skip
    assert figures("prefecture", GIFU) == {
        "heads": 1, "registrations": 2, "verified": 1, "premium": 1,
    }  # fmt: skip
    assert figures("city", KESENNUMA) == {
        "heads": 2, "registrations": 2, "verified": 1, "unknown": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_only_today_is_written_and_written_again(kesennuma: Municipality) -> None:
    count()
    rows = PopulationCount.objects.count()
    register_resident(somebody(TOKYO_CITY), kesennuma)
    assert count_population(clock.today() - timedelta(days=1)) == 0
    assert figures("city", KESENNUMA) == {}
    count()
    assert figures("city", KESENNUMA)["heads"] == 1
    assert PopulationCount.objects.count() == rows


def test_a_municipality_reads_its_own_figures_and_the_operator_all(own_database: str) -> None:
    connection.set_schema_to_public()
    place = Municipality.objects.get(pk=KESENNUMA)
    count()
    everything = PopulationCount.objects.count()

    def seen(actor: Actor) -> set[str]:
        with at_run_time(actor):
            return set(PopulationCount.objects.values_list("code", flat=True))

    assert seen(staff(1, place.code)) == {KESENNUMA}
    assert seen(worker(MIYAGI)) == {MIYAGI}
    assert seen(VISITOR) == set()
    assert seen(worker()) == set()
    with at_run_time(operator(1)):
        assert PopulationCount.objects.count() == everything
    for actor in (staff(1, place.code), operator(1)):
        with at_run_time(actor), pytest.raises(ProgrammingError):
            PopulationCount.objects.update(heads=0)


PEOPLE_HERE = st.lists(
    st.tuples(
        st.sampled_from([KESENNUMA, SENDAI, HIDA, TOKYO_CITY, None]),
        st.booleans(),
        st.sets(st.sampled_from([KESENNUMA, MIYAGI, HIDA, GIFU]), max_size=4),
    ),
    max_size=4,
)


@pytest.mark.django_db
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE_HERE)
def test_sql_counts_as_the_rules_do(
    kesennuma: Municipality, people: list[tuple[str | None, bool, set[str]]]
) -> None:
    for home, proved, places in people:
        person = somebody(home)
        if proved:
            prove(person)
        for code in sorted(places):
            register_resident(person, Municipality.objects.get(pk=code))
    count()
    members = [
        Member(
            person=str(row.resident_id),
            municipality=place_of(LocalGovernment.objects.get(pk=row.municipality_id)),
            residence=place_of(row.resident.residence) if row.resident.residence else None,
            verified=row.resident.verifications.exists(),
            co_registered=row.origin == "co_registered",
        )
        for row in Registration.objects.select_related("resident__residence")
    ]
    areas: list[tuple[str, str, Place | None]] = [("nation", "", None)]
    areas += [("city", code, Place(code, up)) for code, up in ((KESENNUMA, MIYAGI), (HIDA, GIFU))]
    areas += [("prefecture", code, Place(code, code)) for code in (MIYAGI, GIFU)]
    for scope, code, area in areas:
        counted, expected = figures(scope, code), population(members, area)
        assert counted.get("heads", 0) == expected.people
        assert {key: counted[key] for key in expected.heads} == expected.heads
        assert counted.get("registrations", 0) == sum(expected.registrations.values())
        inside = {
            one.person for one in members
            if area is None
            or area.code in (one.municipality.code, one.municipality.prefecture_code)
        }  # fmt: skip
        heads = {one.person for one in members if belongs(one, area)}
        assert counted.get("residents_left_out", 0) == len(inside - heads)
