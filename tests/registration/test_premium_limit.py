"""Three at most (R7): cities, prefectures, what follows a city, and what is over the limit."""

from __future__ import annotations

import pytest

from common.refusal import Refused
from registration.models import PremiumSlot, PremiumStanding, Registration
from registration.operations import leave
from registration.operations.closing import end_registrations
from registration.operations.merge import take_over
from registration.operations.premium import apply, choose, settle
from registration.queries import standings_of
from tests.factories.premium import make_eligible, make_premium, make_verified, paper_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(db):
    """Cities of prefectures that don't take part."""
    return [paper_municipality(code) for code in ("131016", "011002", "141003")]


def running(resident):
    return {
        str(row.municipality_id): ("derived" if row.derived_from_id else "direct")
        + (" over" if row.over_limit else "")
        for row in standings_of(resident)
    }


def slots(resident):
    return {
        str(slot.standing.municipality_id): slot.number
        for slot in PremiumSlot.objects.filter(resident=resident).select_related("standing")
    }


def somebody():
    return make_verified(residence_id="271004")


def test_a_fourth_is_refused_and_one_that_ends_makes_room(kesennuma, hida, elsewhere):
    resident = somebody()
    for place in (kesennuma, hida, elsewhere[0]):
        make_premium(resident, place)
    fourth = make_eligible(resident, elsewhere[1])
    with pytest.raises(Refused, match="limit_reached") as raised:
        apply(fourth)
    (unmet,) = raised.value.data["decision"].unmet
    assert unmet.data["max"] == 3
    choose(resident, standings_of(resident).get(municipality=hida))
    assert apply(fourth).status == "granted"
    assert slots(resident) == {kesennuma.code: 1, elsewhere[1].code: 2, elsewhere[0].code: 3}
    assert running(resident)["040002"] == "derived"
    assert "210005" not in running(resident), "the prefecture's ended with its city's"


def test_a_prefecture_with_a_premium_city_inside_frees_its_slot(kesennuma, miyagi, hida, elsewhere):
    resident = somebody()
    make_premium(resident, miyagi)
    make_premium(resident, hida)
    make_premium(resident, elsewhere[0])
    make_premium(resident, kesennuma)
    assert running(resident)[miyagi.code] == "direct"
    assert set(slots(resident)) == {kesennuma.code, hida.code, elsewhere[0].code}


def test_a_prefecture_whose_last_premium_city_goes_takes_its_slot(
    kesennuma, miyagi, hida, elsewhere
):
    resident = somebody()
    make_premium(resident, miyagi)
    for place in (kesennuma, hida, elsewhere[0]):
        make_premium(resident, place)
    leave(Registration.objects.get(resident=resident, municipality=kesennuma, status="active"))
    assert running(resident)[miyagi.code] == "direct"
    assert set(slots(resident)) == {miyagi.code, hida.code, elsewhere[0].code}
    with pytest.raises(Refused, match="limit_reached"):
        apply(make_eligible(resident, elsewhere[1]))
    # A city inside takes the place of its prefecture.
    make_premium(resident, kesennuma)
    assert set(slots(resident)) == {kesennuma.code, hida.code, elsewhere[0].code}


def test_a_derived_prefecture_becomes_direct_and_stays_when_the_city_goes(kesennuma, miyagi):
    resident = somebody()
    make_premium(resident, kesennuma)
    assert running(resident)[miyagi.code] == "derived"
    make_premium(resident, miyagi)
    assert running(resident)[miyagi.code] == "direct"
    assert set(slots(resident)) == {kesennuma.code}
    choose(resident, standings_of(resident).get(municipality=kesennuma))
    assert running(resident) == {miyagi.code: "direct"}
    assert set(slots(resident)) == {miyagi.code}


def test_a_direct_prefecture_that_ends_follows_the_city_inside(kesennuma, miyagi):
    resident = somebody()
    make_premium(resident, miyagi)
    make_premium(resident, kesennuma)
    choose(resident, standings_of(resident).get(municipality=miyagi))
    assert running(resident) == {kesennuma.code: "direct", miyagi.code: "derived"}
    with pytest.raises(Refused, match="not_yours"):
        choose(resident, standings_of(resident).get(municipality=miyagi))
    with pytest.raises(Refused, match="not_yours"):
        choose(make_verified(), standings_of(resident).get(municipality=kesennuma))


def test_settling_twice_changes_nothing(kesennuma, miyagi, hida):
    resident = somebody()
    make_premium(resident, miyagi)
    make_premium(resident, kesennuma)
    before = list(PremiumStanding.objects.order_by("pk").values())
    settle(resident)
    assert list(PremiumStanding.objects.order_by("pk").values()) == before


def test_two_accounts_of_one_person_may_exceed_the_limit(kesennuma, hida, elsewhere):
    kept, other = somebody(), somebody()
    make_premium(kept, kesennuma)
    make_premium(kept, hida)
    first = make_premium(other, elsewhere[0])
    make_premium(other, elsewhere[1])
    make_premium(other, kesennuma)
    take_over(kept, other)
    assert len(slots(kept)) == 3
    assert sorted(running(kept).values()).count("direct over") == 1
    assert PremiumStanding.objects.get(pk=first.pk).resident == kept
    assert not standings_of(other)
    over = standings_of(kept).get(over_limit=True)
    with pytest.raises(Refused, match="limit_reached"):
        apply(make_eligible(kept, elsewhere[2]))
    choose(kept, standings_of(kept).get(municipality=hida))
    over.refresh_from_db()
    assert not over.over_limit
    assert len(slots(kept)) == 3


def test_closing_an_account_ends_all_of_it(kesennuma, hida):
    resident, stays = somebody(), somebody()
    for place in (kesennuma, hida):
        make_premium(resident, place)
    make_premium(stays, kesennuma)
    for _twice in range(2):
        end_registrations(resident)
    assert not standings_of(resident)
    assert slots(resident) == {}
    assert running(stays) == {kesennuma.code: "direct", "040002": "derived"}


def test_the_prefecture_s_registration_says_premium_with_the_city_s(kesennuma, miyagi):
    resident = somebody()
    make_premium(resident, kesennuma)
    here = Registration.objects.get(resident=resident, municipality=miyagi)
    assert here.kind == "premium"
    choose(resident, standings_of(resident).get(municipality=kesennuma))
    here.refresh_from_db()
    assert here.kind == "basic"
