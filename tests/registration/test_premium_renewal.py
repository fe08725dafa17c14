"""Terms are renewed or end; what changes is told before."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, time, timedelta

import pytest
import time_machine

from common import clock
from common.refusal import Refused
from identity.operations.guardians import withdraw as withdraw_consent
from registration.models import PremiumDecision, PremiumSlot, RegistrationEvent
from registration.operations.premium import apply, approve, lapse, reassess, renew
from registration.queries import standing_at, standings_of
from registration.rules.year import last_day_of_year_from
from tests.factories.guardians import birth_date_at, make_consent, make_guardian, verify
from tests.factories.premium import (
    conditions,
    make_eligible,
    make_premium,
    make_verified,
    took_part_thrice,
)
from tests.factories.registration import move, register_resident
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


@contextmanager
def on(day):
    with time_machine.travel(datetime.combine(day, time(12), tzinfo=clock.TOKYO), tick=False):
        yield


@pytest.fixture
def standing(kesennuma, hida):
    resident = make_verified()
    make_premium(resident, hida)
    return make_premium(resident, kesennuma)


def last(mailoutbox):
    return mailoutbox[-1].subject


def test_renewal_opens_sixty_days_before_and_adds_a_year(standing, kesennuma):
    end = standing.ends_on
    with on(end - timedelta(days=61)), pytest.raises(Refused, match="already_premium"):
        apply(standing.registration)
    with on(end - timedelta(days=61)), pytest.raises(Refused, match="renewal_not_open"):
        renew(standing)
    with on(end - timedelta(days=60)):
        took_part_thrice(standing.resident, kesennuma)
        application = apply(standing.registration)
        assert (application.kind, application.status) == ("renewal", "granted")
        with pytest.raises(Refused, match="already_premium"):
            apply(standing.registration)
    standing.refresh_from_db()
    assert standing.ends_on == last_day_of_year_from(end + timedelta(days=1))
    derived = standings_of(standing.resident).get(municipality="040002")
    assert derived.ends_on == standing.ends_on
    other = standings_of(standing.resident).get(municipality="212172")
    assert other.ends_on == end, "each municipality for itself"


def test_what_counted_once_does_not_count_for_the_next_year(standing):
    with on(standing.ends_on):
        assert not renew(standing).allowed
        with pytest.raises(Refused, match="conditions_unmet"):
            apply(standing.registration)
    with on(standing.ends_on + timedelta(days=1)), pytest.raises(Refused):
        renew(standing)


def test_the_clock_renews_once_a_year_however_often_it_is_asked(standing, kesennuma):
    with on(standing.ends_on - timedelta(days=10)):
        took_part_thrice(standing.resident, kesennuma)
        assert renew(standing).allowed
        with pytest.raises(Refused, match="renewal_not_open"):
            renew(standing)
    event = RegistrationEvent.objects.filter(kind="premium_renewed").first()
    assert event.actor is None
    assert event.decision.occasion == "nightly"


def test_lapsed_is_basic_again_and_can_apply_again(standing, kesennuma, mailoutbox):
    with on(standing.ends_on + timedelta(days=1)):
        assert lapse(standing)
        assert not lapse(standing)
        assert [str(row.municipality_id) for row in standings_of(standing.resident)] == [
            "212172", "210005",
        ]  # fmt: skip
        standing.registration.refresh_from_db()
        assert standing.registration.kind == "basic"
        assert PremiumSlot.objects.count() == 1
        took_part_thrice(standing.resident, kesennuma)
        apply(standing.registration)
        assert standing_at(standing.registration).starts_on == clock.today()


def test_who_moves_in_is_told_once_and_keeps_the_term(standing, kesennuma, mailoutbox):
    move(standing.resident, kesennuma.code)
    standing.refresh_from_db()
    assert standing.status == "active"
    told = [mail.subject for mail in mailoutbox if "更新のときに" in mail.subject]
    assert len(told) == 2 or len(told) == 1
    assert all(kesennuma.full_name in subject or "宮城県" in subject for subject in told)
    assert reassess(standing.resident) == 0
    (kept,) = PremiumDecision.objects.filter(occasion="change", municipality=kesennuma)
    assert [one.code for one in kept.decision.unmet if one.code == "lives_elsewhere"]
    with on(standing.ends_on):
        took_part_thrice(standing.resident, kesennuma)
        assert not renew(standing).allowed
    move(standing.resident, "131016")
    with on(standing.ends_on):
        assert renew(standing).allowed


def test_a_proof_that_ended_is_told_and_the_term_stays(standing, mailoutbox):
    standing.resident.verifications.update(ended_at=clock.now())
    assert reassess(standing.resident) == 2
    assert reassess(standing.resident) == 0
    standing.refresh_from_db()
    assert standing.status == "active"
    verify(standing.resident)
    assert reassess(standing.resident) == 0
    standing.resident.verifications.update(ended_at=clock.now())
    assert reassess(standing.resident) == 2, "told of again, as it had been right in between"


def test_without_the_guardian_s_consent_premium_ends_at_once(kesennuma, hida, mailoutbox):
    child, guardian = make_verified(birth_date=birth_date_at(15)), make_guardian()
    register_resident(child, kesennuma)
    with pytest.raises(Refused, match="conditions_unmet"):
        apply(make_eligible(child, kesennuma))
    consent = make_consent(child, guardian)
    standing = make_premium(child, hida)
    withdraw_consent(consent.pk, guardian)
    standing.refresh_from_db()
    assert standing.status == "lapsed"
    assert not standings_of(child)
    event = RegistrationEvent.objects.filter(kind="premium_lapsed").first()
    assert event.reason == "consent_ended"


def test_a_renewal_that_waited_past_the_end_begins_anew(standing, kesennuma):
    """The office took its time: the term is over, and nobody has to apply a second time."""
    end = standing.ends_on
    conditions(kesennuma, asks_documents=True)
    officer = make_member(kesennuma, "registration_officer")
    with on(end - timedelta(days=5)):
        took_part_thrice(standing.resident, kesennuma)
        application = apply(standing.registration)
        assert (application.kind, application.status) == ("renewal", "submitted")
    with on(end + timedelta(days=3)):
        lapse(standing)
        assert standing_at(standing.registration) is None
        assert apply(standing.registration).pk == application.pk
        assert approve(application, officer).status == "granted"
        anew = standing_at(standing.registration)
        assert anew.pk != standing.pk
        assert anew.starts_on == end + timedelta(days=3)
