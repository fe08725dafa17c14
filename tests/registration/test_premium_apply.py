"""Applying for premium registration: decided at once, with every reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.enums import Channel
from accounts.operations.merge import merge
from common import clock
from common.refusal import Refused
from registration.models import PremiumApplication, PremiumDecision, PremiumSlot, RegistrationEvent
from registration.operations import leave
from registration.operations.premium import apply
from registration.operations.register import OnBehalf
from registration.queries import standing_at, standings_of
from registration.rules.engine import decide, from_json
from registration.rules.year import last_day_of_year_from
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory
from tests.factories.guardians import birth_date_at
from tests.factories.premium import conditions, make_eligible, make_verified, took_part
from tests.factories.registration import register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


def teen() -> date:
    return birth_date_at(16)


def kinds(registration):
    return [row.kind for row in RegistrationEvent.objects.filter(registration=registration)]


def test_who_meets_every_condition_is_premium_for_a_year(kesennuma, hida, mailoutbox):
    resident = make_verified()
    registration = make_eligible(resident, kesennuma)
    make_eligible(resident, hida)
    application = apply(registration)
    assert application.status == "granted"
    standing = standing_at(registration)
    today = clock.today()
    assert (standing.starts_on, standing.ends_on) == (today, last_day_of_year_from(today))
    registration.refresh_from_db()
    assert registration.kind == "premium"
    assert kinds(registration) == ["registered", "premium_granted"]
    assert PremiumSlot.objects.get().standing == standing
    derived = standings_of(resident).get(municipality="040002")
    assert (derived.derived_from, derived.ends_on) == (standing, standing.ends_on)
    assert {str(row.municipality_id) for row in standings_of(resident)} == {
        kesennuma.code, "040002",
    }  # fmt: skip
    kept = PremiumDecision.objects.get()
    assert kept.allowed and decide(from_json(kept.facts)) == kept.decision


def test_what_is_missing_is_kept_with_the_refusal(kesennuma, hida):
    resident = make_verified()
    make_eligible(resident, hida)
    registration = register_resident(resident, kesennuma)
    for _twice in range(2):
        with pytest.raises(Refused) as raised:
            apply(registration)
        assert raised.value.code == "conditions_unmet"
    (unmet,) = raised.value.data["decision"].unmet
    assert unmet.code == "enough_participations"
    assert unmet.data["missing"] == 3
    assert PremiumApplication.objects.get().status == "refused"
    assert standing_at(registration) is None


def test_applying_twice_is_one_premium_and_no_renewal_before_its_time(kesennuma):
    registration = make_eligible(make_verified(), kesennuma)
    apply(registration)
    with pytest.raises(Refused, match="already_premium"):
        apply(registration)
    assert PremiumApplication.objects.count() == 1
    assert PremiumSlot.objects.count() == 1


@pytest.mark.parametrize(
    ("break_it", "missing"),
    [
        ("identity", "identity_verified"),
        ("residence", "lives_elsewhere"),
        ("minor", "guardian_consent"),
        ("category", "of_category"),
        ("hours", "enough_hours"),
    ],
)
def test_each_condition_alone_refuses(kesennuma, hida, break_it, missing):
    fields = {"residence": {"residence_id": kesennuma.code}, "minor": {"birth_date": teen()}}
    resident = make_verified(**fields.get(break_it, {}))
    registration = make_eligible(resident, kesennuma)
    if break_it == "identity":
        resident.verifications.update(ended_at=clock.now())
    if break_it == "category":
        conditions(kesennuma, category="farming", of_category=1)
    if break_it == "hours":
        conditions(kesennuma, hours=100)
    with pytest.raises(Refused, match="conditions_unmet") as raised:
        apply(registration)
    assert [item.code for item in raised.value.data["decision"].unmet] == [missing]
    # What one municipality asks for, or where one lives, is nothing to another.
    if break_it in {"residence", "category", "hours"}:
        assert apply(make_eligible(resident, hida)).status == "granted"


def test_a_category_counts_from_the_record(kesennuma):
    resident = make_verified()
    registration = make_eligible(resident, kesennuma)
    conditions(kesennuma, category="farming", of_category=1)
    took_part(resident, kesennuma, clock.today() - timedelta(days=5), category="farming")
    assert apply(registration).status == "granted"


def test_who_is_not_registered_or_not_published_cannot_apply(kesennuma, hida):
    resident = make_verified()
    gone = make_eligible(resident, kesennuma)
    leave(gone)
    with pytest.raises(Refused, match="premium_not_open"):
        apply(gone)
    here = make_eligible(resident, hida)
    Municipality.objects.filter(pk=hida.pk).update(status="suspended")
    with pytest.raises(Refused, match="premium_not_open"):
        apply(here)


def test_what_the_other_account_took_part_in_counts(kesennuma):
    resident, other = make_verified(), ResidentFactory()
    for days in range(3):
        took_part(other, kesennuma, clock.today() - timedelta(days=days))
    merge(resident, other)
    registration = register_resident(resident, kesennuma)
    assert apply(registration).status == "granted"


def test_staff_apply_in_a_resident_s_place_and_it_is_on_record(kesennuma):
    registration = make_eligible(make_verified(), kesennuma)
    officer = make_member(kesennuma, "registration_officer")
    application = apply(registration, OnBehalf(officer.pk, Channel.TELEPHONE))
    assert application.on_behalf == "telephone"
    event = RegistrationEvent.objects.get(kind="premium_granted")
    assert (event.actor, event.on_behalf) == (officer, "telephone")
    assert event.decision == application.decision


def test_coming_back_restores_no_premium_but_keeps_the_ledger(kesennuma):
    resident = make_verified()
    registration = make_eligible(resident, kesennuma)
    apply(registration)
    leave(registration)
    again = register_resident(resident, kesennuma)
    assert standing_at(again) is None
    assert again.kind == "basic"
    assert not PremiumSlot.objects.exists()
    assert apply(again).status == "granted"
