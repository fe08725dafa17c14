"""One card, two accounts: a merge is offered, a second identity never arises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from common import clock
from identity import registry
from identity.models import Verification, WaitingProof
from identity.queries import verification_of
from identity.registry import register_merge
from tests.factories.accounts import ResidentFactory, UserFactory, signed_in_client
from tests.factories.registration import register_resident
from tests.identity.fixtures import PAGE, go_through

pytestmark = pytest.mark.django_db
MERGE = "/my/identity/merge/"


@pytest.fixture(autouse=True)
def merge_is_as_it_was(monkeypatch):
    monkeypatch.setattr(registry, "_merge", list(registry._merge))


@pytest.fixture
def merges(merge_is_as_it_was):
    """A merge that notes what it was asked; that of accounts is tested there."""
    asked = []
    register_merge(lambda kept, other: asked.append((kept.pk, other.pk)))
    return asked


@pytest.fixture
def first(provider):
    resident = ResidentFactory(user__email="mika@example.jp")
    go_through(signed_in_client(resident.user), provider)
    return resident


@pytest.fixture
def second():
    return ResidentFactory()


def test_a_second_account_is_told_of_the_first_and_not_verified(provider, first, second, merges):
    client = signed_in_client(second.user)
    answer = go_through(client, provider, next_path="/register/042056/")
    assert answer["Location"].startswith(MERGE)
    page = client.get(answer["Location"]).content.decode()
    assert "m•••@example.jp" in page
    assert "mika@example.jp" not in page
    assert "1つのアカウントにまとめる" in page
    assert verification_of(second.pk) is None
    assert Verification.objects.get().resident == first
    assert merges == []


def test_the_two_become_one_when_the_person_says_so(provider, first, second, merges):
    client = signed_in_client(second.user)
    go_through(client, provider)
    answer = client.post(MERGE)
    assert answer["Location"] == PAGE
    assert merges == [(second.pk, first.pk)]
    old, new = Verification.objects.order_by("pk")
    assert (old.resident, old.end_reason) == (first, "merged")
    assert (new.resident, new.ended_at) == (second, None)
    assert old.subject_hash == new.subject_hash
    assert not WaitingProof.objects.exists()
    # Sent twice, it is done once.
    assert client.post(MERGE).status_code == 409
    assert len(merges) == 1


def test_nobody_merges_without_having_shown_the_card(provider, first, second, merges):
    client = signed_in_client(second.user)
    assert client.get(MERGE)["Location"] == PAGE
    assert client.post(MERGE).status_code == 409
    # With a card of their own, neither.
    go_through(client, provider, "ichiro")
    assert client.post(MERGE).status_code == 409
    assert merges == []


def test_the_offer_ends_after_an_hour(provider, first, second, merges, time_machine):
    go_through(signed_in_client(second.user), provider)
    time_machine.move_to(clock.now() + timedelta(minutes=61))
    assert signed_in_client(second.user).post(MERGE).status_code == 409
    assert merges == []


def test_a_merge_that_fails_changes_nothing(provider, first, second):
    def fails(kept, other):
        raise RuntimeError("halfway")

    register_merge(fails)
    client = signed_in_client(second.user)
    go_through(client, provider)
    with pytest.raises(RuntimeError):
        client.post(MERGE)
    assert Verification.objects.get().ended_at is None
    assert WaitingProof.objects.exists()


def test_everything_of_the_other_account_comes_along(provider, kesennuma, first, second):
    """With the merge of accounts itself, and all that the apps do in it."""
    registration = register_resident(first, kesennuma)
    client = signed_in_client(second.user)
    go_through(client, provider)
    client.post(MERGE)
    registration.refresh_from_db()
    first.refresh_from_db()
    assert registration.resident == second
    assert first.merged_into == second
    assert verification_of(second.pk) is not None
    assert Verification.objects.filter(ended_at=None).count() == 1
    assert verification_of(first.pk) is None
    assert not User.objects.get(pk=first.user_id).is_active


def test_where_accounts_cannot_be_merged_only_the_other_account_is_shown(provider, first, second):
    register_merge(None)
    client = signed_in_client(second.user)
    go_through(client, provider)
    page = client.get(MERGE).content.decode()
    assert "m•••@example.jp" in page
    assert "1つのアカウントにまとめる" not in page
    assert client.post(MERGE).status_code == 409


def test_whoever_has_no_profile_is_sent_to_the_other_account(provider, first, merges):
    client = signed_in_client(UserFactory())
    answer = go_through(client, provider)
    assert answer["Location"] == MERGE
    page = client.get(MERGE).content.decode()
    assert "m•••@example.jp" in page
    assert "1つのアカウントにまとめる" not in page


def test_after_the_first_proof_has_ended_the_card_is_free(provider, first, second):
    Verification.objects.update(ended_at=clock.now())
    go_through(signed_in_client(second.user), provider)
    assert verification_of(second.pk) is not None
