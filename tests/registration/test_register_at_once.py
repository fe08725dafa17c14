"""The same person registering twice at the same moment, and agreeing twice.

Each thread has a connection and a transaction of its own, so rows are really committed.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from privacy.enums import ConsentPurpose
from privacy.models import Consent
from privacy.operations.consents import Given, give, keep
from privacy.queries import has_consent
from registration.models import Registration
from registration.operations import leave, register
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory
from tests.factories.privacy import new_version

KESENNUMA, HIDA = "042056", "212172"


@pytest.fixture
def committed_residents(own_database):
    """Two residents whose rows other connections see."""
    connection.set_schema_to_public()
    return [ResidentFactory(), ResidentFactory()]


def at_once(*actions) -> list:
    """Run every action in a thread of its own, begun together; returns results and errors."""
    barrier = threading.Barrier(len(actions))
    results: list = []

    def run(action):
        try:
            barrier.wait(timeout=20)
            results.append(action())
        except Exception as error:  # told apart by the test
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def registering(resident, code):
    return lambda: [row.number for row in register(resident, Municipality.objects.get(pk=code))]


def test_the_same_form_sent_at_the_same_moment_registers_once(committed_residents):
    one = committed_residents[0]
    results = at_once(*[registering(one, KESENNUMA)] * 4)
    assert results == [["042056-000001", "040002-000001"]] * 4
    assert Registration.objects.count() == 2


def test_two_people_at_the_same_moment_get_two_numbers(committed_residents):
    one, other = committed_residents
    results = at_once(
        registering(one, KESENNUMA), registering(other, KESENNUMA), registering(one, HIDA)
    )
    numbers = sorted(number for result in results for number in result)
    assert len(set(numbers)) == 6
    assert [number for number in numbers if number.startswith("042056")] == [
        "042056-000001",
        "042056-000002",
    ]


def test_a_city_registered_while_another_of_its_prefecture_is_left(committed_residents):
    one = committed_residents[0]
    registration = register(one, Municipality.objects.get(pk=KESENNUMA))[0]
    results = at_once(lambda: leave(registration), registering(one, KESENNUMA))
    assert not [result for result in results if isinstance(result, Exception)]
    held = set(
        Registration.objects.filter(resident=one, status="active").values_list(
            "municipality_id", flat=True
        )
    )
    # Whichever came first: the city and its prefecture stand or fall together.
    assert held in ({KESENNUMA, "040002"}, set())


def test_a_new_version_agreed_to_twice_is_kept_once(committed_residents):
    one = committed_residents[0]
    given = [Given(new_version("privacy"))]
    results = at_once(*[lambda: keep(one.user, given)] * 4)
    assert results == [None] * 4
    rows = Consent.objects.filter(user=one.user, purpose=ConsentPurpose.PRIVACY_NOTICE)
    assert [(row.text.version, row.end_reason) for row in rows] == [
        ("1.0", "new_version"), ("2.0", ""),
    ]  # fmt: skip


def test_whoever_leaves_while_asking_for_news_gets_none(committed_residents):
    one = committed_residents[0]
    kesennuma = Municipality.objects.get(pk=KESENNUMA)
    registration = register(one, kesennuma)[0]
    at_once(lambda: leave(registration), lambda: give(one.user, ConsentPurpose.MAILING, kesennuma))
    for purpose in (ConsentPurpose.DISCLOSURE, ConsentPurpose.MAILING):
        assert not has_consent(one.user, purpose, kesennuma)
