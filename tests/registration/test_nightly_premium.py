"""Premium standings end, or renew themselves, by the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Resident
from certificates.models import Certificate
from common.clock import TOKYO
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from registration.enums import DecisionOccasion
from registration.models import (
    EndNotice,
    NationalParameters,
    PremiumApplication,
    PremiumDecision,
    PremiumSlot,
    PremiumStanding,
    Registration,
    RegistrationEvent,
)
from registration.operations.nightly.lapses import tell_of_ends
from registration.operations.nightly.renewals import renew
from registration.operations.nightly.run import STEPS
from registration.operations.premium.deciding import gather
from registration.rules.engine import decide, from_json, to_json
from tenants.actors import OWNER, acting
from tenants.models import Municipality
from tests.factories.accounts import PEOPLE, ResidentFactory
from tests.factories.registration import move, register_resident
from tests.factories.standings import make_standing, prove, renews_by_itself, take_part

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 29)
LAST = date(2027, 11, 28)
lapse = STEPS["lapsed"]


@pytest.fixture(autouse=True)
def _caretaker() -> Iterator[None]:
    with acting(OWNER):
        yield


def on(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(3), tzinfo=TOKYO), tick=False)


def somebody() -> Resident:
    """Who lives in Tokyo."""
    made: Resident = ResidentFactory(person=PEOPLE[1])
    return made


@pytest.fixture
def standing(kesennuma: Municipality, miyagi: Municipality) -> PremiumStanding:
    with on(TODAY):
        resident = somebody()
        prove(resident)
        made = make_standing(resident, kesennuma, slot=1)
        make_standing(resident, miyagi, derived_from=made)
    OutboxMessage.objects.all().delete()
    return made


def night(day: date, step=lapse) -> int:
    """One step, twice."""
    with on(day):
        done = step(day)
        before = OutboxMessage.objects.count(), PremiumDecision.objects.count()
        step(day)
        assert before == (OutboxMessage.objects.count(), PremiumDecision.objects.count())
    return done


def kinds(of: str) -> list[str]:
    return list(
        OutboxMessage.objects.filter(kind__startswith=f"registration.{of}")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def statuses(resident: Resident) -> dict[str, tuple[str, str]]:
    rows = PremiumStanding.objects.filter(resident=resident).select_related("registration")
    return {str(row.municipality_id): (row.status, row.registration.kind) for row in rows}


def test_told_three_times_and_basic_the_day_after(standing: PremiumStanding) -> None:
    told = []
    for before in (61, 60, 58, 30, 29, 7, 0):
        day = LAST - timedelta(days=before)
        told += [before] * night(day, tell_of_ends)
        assert night(day) == 0
    assert told == [60, 30, 7]
    assert night(LAST + timedelta(days=1)) == 1
    assert statuses(standing.resident) == {
        "042056": ("lapsed", "basic"), "040002": ("lapsed", "basic"),
    }  # fmt: skip
    assert set(Registration.objects.values_list("status", flat=True)) == {"active"}
    assert not PremiumSlot.objects.exists()
    assert kinds("premium") == ["registration.premium_ends"] * 3 + ["registration.premium_lapsed"]
    events = RegistrationEvent.objects.filter(kind="premium_lapsed").order_by("pk")
    assert sorted(events.values_list("reason", flat=True)) == ["city_ended", "not_renewed"]


def test_every_letter_is_written_and_certificates_say_what_is_so(
    standing: PremiumStanding,
) -> None:
    night(LAST - timedelta(days=7), tell_of_ends)
    night(LAST + timedelta(days=1))
    with on(LAST + timedelta(days=1)):
        while deliver_next():
            pass
    assert not OutboxMessage.objects.filter(attempts__gt=1).exists()
    assert not OutboxMessage.objects.exclude(last_error="").exclude(kind="mail").exists()
    valid = Certificate.objects.filter(resident=standing.resident, status="issued")
    assert {row.payload["kind"] for row in valid} == {"basic"}


def test_three_days_without_running_change_nothing_but_the_day(
    standing: PremiumStanding,
) -> None:
    assert night(LAST - timedelta(days=57), tell_of_ends) == 1
    assert night(LAST + timedelta(days=4)) == 1
    assert EndNotice.objects.count() == 1


def test_what_follows_a_city_goes_with_it_whatever_day_it_says(standing: PremiumStanding) -> None:
    PremiumStanding.objects.filter(pk=standing.pk).update(ends_on=LAST - timedelta(days=100))
    night(LAST - timedelta(days=50))
    assert {status for status, _kind in statuses(standing.resident).values()} == {"lapsed"}


def test_a_prefecture_follows_another_city(standing: PremiumStanding) -> None:
    sendai = Municipality.objects.create(
        local_government_id="041009", schema_name="m041009", slug="sendai", joined_on=TODAY,
        status="published",
    )  # fmt: skip
    with on(TODAY):
        other = make_standing(standing.resident, sendai, slot=2, ends_on=LAST + timedelta(days=50))
    night(LAST + timedelta(days=1))
    follower = PremiumStanding.objects.get(municipality="040002")
    assert (follower.derived_from, follower.ends_on) == (other, other.ends_on)
    assert statuses(standing.resident) == {
        "042056": ("lapsed", "basic"),
        "041009": ("active", "premium"),
        "040002": ("active", "premium"),
    }


def test_a_direct_prefecture_counts_again_and_takes_the_slot(
    kesennuma: Municipality, miyagi: Municipality
) -> None:
    with on(TODAY):
        resident = somebody()
        city = make_standing(resident, kesennuma, slot=1)
        direct = make_standing(resident, miyagi, ends_on=LAST + timedelta(days=90))
    assert night(LAST + timedelta(days=1)) == 1
    assert PremiumSlot.objects.get().standing == direct
    direct.refresh_from_db()
    city.refresh_from_db()
    assert (direct.status, direct.over_limit, city.status) == ("active", False, "lapsed")


def test_without_a_free_slot_it_is_over_the_limit_and_within_when_one_is_free(
    kesennuma: Municipality, miyagi: Municipality, hida: Municipality, gifu: Municipality
) -> None:
    NationalParameters.objects.update(max_premium=1)
    with on(TODAY):
        resident = somebody()
        # The limit is one here: two that began under an older limit, one of them with the slot.
        first = make_standing(resident, hida, slot=1, ends_on=LAST + timedelta(days=30))
        make_standing(resident, kesennuma)
        direct = make_standing(resident, miyagi, ends_on=LAST + timedelta(days=90))
    assert night(LAST + timedelta(days=1)) == 1
    direct.refresh_from_db()
    assert direct.over_limit
    assert kinds("premium_over") == ["registration.premium_over_limit"]
    assert night(LAST + timedelta(days=31)) == 1
    direct.refresh_from_db()
    assert not direct.over_limit
    assert PremiumSlot.objects.get().standing == direct
    events = RegistrationEvent.objects.filter(registration=direct.registration)
    assert list(events.order_by("pk").values_list("kind", flat=True))[-2:] == [
        "over_limit", "within_limit",
    ]  # fmt: skip
    first.refresh_from_db()
    assert first.status == "lapsed"


def test_renews_itself_thirty_days_before(
    standing: PremiumStanding, kesennuma: Municipality
) -> None:
    renews_by_itself(kesennuma)
    with on(LAST - timedelta(days=90)):
        take_part(standing.resident, kesennuma, *(date(2027, 5, n) for n in (1, 2, 3)))
    assert night(LAST - timedelta(days=31), renew) == 0
    assert night(LAST - timedelta(days=30), renew) == 1
    standing.refresh_from_db()
    assert standing.ends_on == date(2028, 11, 28)
    decision = standing.decision
    assert (decision.occasion, decision.allowed) == (DecisionOccasion.NIGHTLY, True)
    assert decide(from_json(decision.facts)).to_json() == decision.outcome
    derived = PremiumStanding.objects.get(derived_from=standing)
    assert (derived.ends_on, derived.decision) == (standing.ends_on, decision)
    events = RegistrationEvent.objects.filter(kind="premium_renewed")
    assert {event.registration_id for event in events} == {
        standing.registration_id, derived.registration_id,
    }  # fmt: skip
    assert night(LAST + timedelta(days=1)) == 0
    assert kinds("premium") == ["registration.premium_renewed"]


def test_judged_again_only_when_something_has_changed(
    standing: PremiumStanding, kesennuma: Municipality
) -> None:
    renews_by_itself(kesennuma)
    assert night(LAST - timedelta(days=30), renew) == 1
    assert night(LAST - timedelta(days=29), renew) == 0
    first = PremiumDecision.objects.get(occasion="nightly")
    assert not first.allowed
    with on(LAST - timedelta(days=20)):
        take_part(standing.resident, kesennuma, *(date(2027, 11, n) for n in (1, 2, 3)))
    assert night(LAST - timedelta(days=19), renew) == 1
    standing.refresh_from_db()
    assert standing.ends_on == date(2028, 11, 28)


def test_nobody_lapses_unjudged_when_nights_were_missed(
    standing: PremiumStanding, kesennuma: Municipality
) -> None:
    renews_by_itself(kesennuma)
    night(LAST - timedelta(days=30), renew)
    with on(LAST - timedelta(days=1)):
        take_part(standing.resident, kesennuma, *(date(2027, 11, n) for n in (25, 26, 27)))
    assert night(LAST + timedelta(days=2)) == 0
    standing.refresh_from_db()
    assert standing.ends_on == date(2028, 11, 28)
    assert standing.decision.facts["today"] == LAST.isoformat()


@pytest.mark.parametrize("asked", [{"renews_by_itself": False}, {"asks_documents": True}])
def test_not_where_the_municipality_does_not_want_it(
    standing: PremiumStanding, kesennuma: Municipality, asked: dict[str, bool]
) -> None:
    renews_by_itself(kesennuma)
    renews_by_itself(kesennuma, **asked)
    take_part(standing.resident, kesennuma, *(date(2027, 5, n) for n in (1, 2, 3)))
    assert night(LAST - timedelta(days=3), renew) == 0
    assert night(LAST + timedelta(days=1)) == 1


def test_who_moved_in_is_not_renewed(standing: PremiumStanding, kesennuma: Municipality) -> None:
    renews_by_itself(kesennuma)
    take_part(standing.resident, kesennuma, *(date(2027, 5, n) for n in (1, 2, 3)))
    with on(LAST - timedelta(days=100)):
        move(standing.resident, "042056")
    assert night(LAST - timedelta(days=3), renew) == 1
    decision = PremiumDecision.objects.get(occasion="nightly")
    assert [item.code for item in decision.decision.unmet] == ["lives_elsewhere"]


def test_an_open_application_for_the_renewal_is_granted_with_it(
    standing: PremiumStanding, kesennuma: Municipality
) -> None:
    renews_by_itself(kesennuma, four_eyes=True)
    take_part(standing.resident, kesennuma, *(date(2027, 5, n) for n in (1, 2, 3)))
    application = PremiumApplication.objects.create(
        registration=standing.registration, resident=standing.resident, municipality=kesennuma,
        kind="renewal",
    )  # fmt: skip
    night(LAST - timedelta(days=3), renew)
    application.refresh_from_db()
    assert application.status == "granted"
    assert application.decision is not None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(0, 420), max_size=6),
    proved=st.booleans(),
    lives=st.sampled_from(["131016", "042056", ""]),
    born=st.sampled_from([date(1988, 4, 2), date(2012, 4, 2), date(2009, 11, 20)]),
    elsewhere=st.booleans(),
    asked=st.fixed_dictionaries({"needed_participations": st.integers(3, 4)}),
)
def test_read_at_once_and_one_by_one_facts_and_outcome_are_the_same(
    kesennuma: Municipality,
    hida: Municipality,
    days: list[int],
    proved: bool,
    lives: str,
    born: date,
    elsewhere: bool,
    asked: dict[str, int],
) -> None:
    with on(TODAY):
        resident: Resident = ResidentFactory(person=PEOPLE[1], birth_date=born)
        other: Resident = ResidentFactory(person=PEOPLE[1], merged_into=resident)
        register_resident(resident, kesennuma)
        if proved:
            prove(resident)
        standing = make_standing(resident, kesennuma)
        if elsewhere:
            make_standing(resident, hida)
        if lives != "131016":
            Resident.objects.filter(pk=resident.pk).update(residence=lives or None)
        for number, day in enumerate(days):
            owner = other if number % 3 == 2 else resident
            take_part(owner, hida if number == 1 else kesennuma, LAST - timedelta(days=day))
        renews_by_itself(kesennuma, **asked)
    with on(LAST):
        registration = Registration.objects.get(pk=standing.registration_id)
        facts = gather(registration)
        renew(LAST)
        decision = PremiumDecision.objects.get(registration=registration, occasion="nightly")
        # Of two that begin at the same moment either comes first, to all the same outcome.
        stored, read = decision.facts, to_json(facts)
        for one in (stored, read):
            one["participations"].sort(key=lambda item: item["session"])
        assert stored == read
        assert decision.outcome == decide(facts).to_json()
        assert decision.allowed == decide(facts).allowed
