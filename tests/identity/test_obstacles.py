"""What stands in the way of a verification (R11), asked before it and before it is kept."""

from __future__ import annotations

from datetime import date

import pytest

from identity.models import Verification
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.factories.guardians import make_consent
from tests.identity.fixtures import PAGE, go_through, nothing_is_kept

pytestmark = pytest.mark.django_db


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


def test_with_the_guardian_s_consent_a_minor_is_verified(provider):
    child = ResidentFactory(birth_date=date(2012, 5, 5))
    make_consent(child)
    go_through(signed_in_client(child.user), provider, "child")
    assert Verification.objects.get(resident=child).proved.birth_date == date(2012, 5, 5)


def test_an_adult_is_let_through(provider):
    go_through(signed_in_client(ResidentFactory().user), provider)
    assert Verification.objects.exists()
