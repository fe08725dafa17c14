"""Long stay: told, checked, marked, on the certificate (R12)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from certificates.models import Certificate
from common import clock
from common.refusal import Refused
from registration.enums import StayEvidence
from registration.models import RegistrationEvent, Stay
from registration.operations.premium import accept_stay, lapse, refuse_stay, tell_stay
from registration.queries import registrations_of
from tests.factories.accounts import signed_in_client
from tests.factories.premium import conditions, make_premium, make_verified
from tests.factories.staff import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def standing(kesennuma, hida):
    conditions(kesennuma, long_stay_days=10)
    return make_premium(make_verified(), kesennuma)


def days_ago(first, last):
    return clock.today() - timedelta(days=first), clock.today() - timedelta(days=last)


def told(standing, first, last):
    return tell_stay(standing.registration, *days_ago(first, last), StayEvidence.RECEIPT)


def payload(registration):
    return Certificate.objects.get(registration=registration, status="issued").payload


def test_ten_different_days_are_a_long_stay(standing, kesennuma, mailoutbox):
    officer = make_member(kesennuma, "registration_officer")
    one, two = told(standing, 20, 13), told(standing, 14, 12)
    assert told(standing, 20, 13) == one
    accept_stay(one, officer)
    accept_stay(two, officer)
    standing.refresh_from_db()
    assert not standing.long_stay, "nine days: two are in both"
    assert payload(standing.registration)["long_stay"] is False
    three = told(standing, 1, 1)
    for _twice in range(2):
        accept_stay(three, officer)
    standing.refresh_from_db()
    assert standing.long_stay
    assert payload(standing.registration)["long_stay"] is True
    assert RegistrationEvent.objects.filter(kind="long_stay").count() == 1
    refuse_stay(three, officer, "領収書が読めません。")
    standing.refresh_from_db()
    assert not standing.long_stay
    refused = Stay.objects.get(pk=three.pk)
    assert refused.checked_by == officer
    assert refused.reason == "領収書が読めません。"
    page = signed_in_client(standing.resident.user).get("/my/registrations/042056/stays/")
    assert "領収書が読めません。" in page.content.decode()
    accept_stay(three, officer)
    assert Stay.objects.get(pk=three.pk).reason == "", "what was said of a refusal is over"


def test_where_it_is_not_offered_and_days_to_come_are_refused(standing, hida):
    other = make_premium(standing.resident, hida)
    with pytest.raises(Refused, match="long_stay_not_offered"):
        told(other, 3, 2)
    for first, last in ((2, 3), (0, -1)):
        with pytest.raises(Refused, match="days_invalid"):
            told(standing, first, last)


def test_the_certificate_follows_premium(standing, kesennuma):
    says = payload(standing.registration)
    assert says["kind"] == "premium"
    assert says["premium_until"] == standing.ends_on.isoformat()
    derived = registrations_of(standing.resident).get(municipality="040002")
    assert payload(derived)["premium_until"] == standing.ends_on.isoformat()
    lapse(standing)
    for row in (standing.registration, derived):
        assert payload(row)["kind"] == "basic"
        assert "premium_until" not in payload(row)
    assert Certificate.objects.filter(registration=standing.registration).count() == 3
