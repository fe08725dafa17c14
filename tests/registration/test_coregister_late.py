"""A prefecture joins later: residents of its cities are registered with it and told (R5)."""

from __future__ import annotations

import pytest

from certificates.models import Certificate
from notifications.models import OutboxMessage
from registration import tasks
from registration.models import Registration, RegistrationEvent
from registration.operations import leave, register
from registration.operations.coregister import JOINED_LATE, coregister_late, tell_joined
from registration.queries import active_registration, standings_of
from tenants.operations.life import publish
from tests.factories.accounts import ResidentFactory
from tests.factories.premium import make_premium, make_verified
from tests.factories.registration import register_resident
from tests.factories.tenants import with_status

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(miyagi):
    return with_status(miyagi, "preparing")


def deliver():
    """What the worker does, but for the mails themselves."""
    for message in OutboxMessage.objects.filter(kind=JOINED_LATE):
        tell_joined(message.payload)


def test_who_is_with_a_city_is_with_its_prefecture_from_its_first_day(
    late, kesennuma, hida, mailoutbox
):
    here = ResidentFactory(residence_id="131016")
    lives_there = ResidentFactory(residence_id="041009")
    elsewhere, gone = ResidentFactory(), ResidentFactory()
    for resident in (here, lives_there, gone):
        register_resident(resident, kesennuma)
    register_resident(elsewhere, hida)
    leave(active_registration(gone.pk, kesennuma))
    assert coregister_late() == 0
    publish(late.code, None)
    assert coregister_late() == 2
    assert coregister_late() == 0
    rows = Registration.objects.filter(municipality=late, status="active")
    assert {row.resident_id for row in rows} == {here.pk, lives_there.pk}
    city = active_registration(here.pk, kesennuma)
    made = rows.get(resident=here)
    for name in ("name", "kana", "birth_date", "address", "email", "phone", "residence_name"):
        assert getattr(made, name) == getattr(city, name), name
    assert (made.origin, made.kind, made.lives_here) == ("co_registered", "basic", False)
    assert rows.get(resident=lives_there).lives_here
    assert sorted(row.number for row in rows) == ["040002-000001", "040002-000002"]
    (event,) = RegistrationEvent.objects.filter(registration=made)
    assert (event.kind, event.actor) == ("co_registered", None)
    deliver()
    told = [mail.to for mail in mailoutbox if mail.subject.startswith(f"{late.full_name}にも")]
    assert sorted(told) == sorted([[here.user.email], [lives_there.user.email]])
    assert Certificate.objects.filter(registration=made, status="issued").exists()
    # As with one that was there from the beginning: it ends with its last city.
    assert len(leave(city)) == 2


def test_numbers_go_on_and_who_registered_directly_stays_so(late, kesennuma):
    first, second = ResidentFactory(), ResidentFactory()
    register_resident(first, kesennuma)
    register_resident(second, kesennuma)
    there = with_status(late, "published")
    register(second, there)
    assert coregister_late() == 1
    assert active_registration(first.pk, there).number == "040002-000002"
    assert active_registration(second.pk, there).origin == "direct"
    third = ResidentFactory()
    assert register(third, there)[0].number == "040002-000003"


def test_premium_at_the_city_is_derived_at_the_prefecture(late, kesennuma, mailoutbox):
    standing = make_premium(make_verified(), kesennuma)
    with_status(late, "published")
    coregister_late()
    deliver()
    derived = standings_of(standing.resident).get(municipality=late)
    assert (derived.derived_from, derived.ends_on) == (standing, standing.ends_on)
    assert derived.registration.kind == "premium"


def test_the_caretaker_is_woken_by_a_prefecture_alone(
    late, hida, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(tasks, "wake", lambda: woken.append(1))
    city = with_status(hida, "preparing")
    with django_capture_on_commit_callbacks(execute=True):
        publish(city.code, None)
    assert woken == []
    with django_capture_on_commit_callbacks(execute=True):
        publish(late.code, None)
    assert woken == [1]


def test_residents_in_any_number_take_the_same_statements(
    late, kesennuma, django_assert_num_queries
):
    for _one in range(3):
        register_resident(ResidentFactory(), kesennuma)
    with_status(late, "published")
    with django_assert_num_queries(17):
        assert coregister_late() == 3
