"""What stands in the way of a verification (R11), asked before it and before it is kept."""

from __future__ import annotations

from datetime import date

import pytest

from identity import registry
from identity.models import Verification
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.identity.fixtures import PAGE, go_through, nothing_is_kept

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def minors_need_consent(resident):
    return "guardian_consent_missing" if resident.age_on(TODAY) < 18 else None


@pytest.fixture(autouse=True)
def consent_is_asked(monkeypatch):
    monkeypatch.setattr(registry, "_obstacles", [])
    registry.register_obstacle(minors_need_consent)


def test_a_minor_is_told_before_leaving(provider):
    client = signed_in_client(ResidentFactory(birth_date=date(2012, 5, 5)).user)
    answer = client.post(PAGE)
    assert answer.status_code == 403
    assert "保護者の同意" in answer.content.decode()
    assert nothing_is_kept()


def test_the_birth_date_on_the_card_decides(provider):
    """A profile that makes a child of 14 an adult."""
    client = signed_in_client(ResidentFactory(birth_date=date(1990, 5, 5)).user)
    answer = go_through(client, provider, "child")
    assert answer.status_code == 403
    assert "保護者の同意" in answer.content.decode()
    assert nothing_is_kept()


def test_so_it_does_where_there_is_no_profile(provider):
    answer = go_through(signed_in_client(UserFactory()), provider, "child")
    assert answer.status_code == 403
    assert nothing_is_kept()


def test_an_adult_is_let_through(provider):
    go_through(signed_in_client(ResidentFactory().user), provider)
    assert Verification.objects.exists()
