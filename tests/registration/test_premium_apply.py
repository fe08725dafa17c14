"""Applying for premium registration: decided at once, with every reason."""

from __future__ import annotations

import pytest

from common import clock
from common.refusal import Refused
from registration.models import PremiumApplication, PremiumDecision, PremiumSlot, RegistrationEvent
from registration.operations.premium import apply
from registration.queries import standing_at, standings_of
from registration.rules.engine import decide, from_json
from registration.rules.year import last_day_of_year_from
from tests.factories.premium import make_eligible, make_verified

pytestmark = pytest.mark.django_db


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
    from tests.factories.registration import register_resident

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
