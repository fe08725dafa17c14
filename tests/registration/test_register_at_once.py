"""The same person registering twice at the same moment.

Each thread has a connection and a transaction of its own, so rows are really committed. They
are taken away by hand afterwards: emptying the tables would take the municipalities along.
"""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from notifications.models import OutboxMessage
from registration.models import Registration, RegistrationCounter, RegistrationEvent
from registration.operations import leave, register
from tenants.models import Municipality

KESENNUMA, HIDA = "042056", "212172"


@pytest.fixture
def committed_residents(django_db_setup, django_db_blocker):
    """Two residents whose rows other connections see."""
    from tests.factories.accounts import ResidentFactory

    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        last_mail = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        residents = [ResidentFactory(), ResidentFactory()]
        yield residents
        connection.set_schema_to_public()
        OutboxMessage.objects.filter(pk__gt=last_mail).delete()
        RegistrationEvent.objects.all().delete()
        _forget_certificates()
        Registration.objects.all().delete()
        RegistrationCounter.objects.all().delete()
        for resident in residents:
            user = resident.user
            resident.delete()
            user.emailaddress_set.all().delete()
            # Not `delete`: it would look for this user in Wagtail's tables, which aren't here.
            type(user).objects.filter(pk=user.pk)._raw_delete("default")
        connection.close()


def _forget_certificates() -> None:
    """Rows that listeners above this app made for the registrations."""
    for relation in Registration._meta.related_objects:
        if relation.related_model is not RegistrationEvent:
            relation.related_model._base_manager.all().delete()


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
