"""A change of address is judged again, whichever way somebody moves (R16)."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Resident
from accounts.operations.profile import follow_email, save_profile
from accounts.signals import address_changed, profile_changed
from notifications.models import OutboxMessage
from registration.enums import EventKind
from registration.models import Registration, RegistrationEvent
from registration.operations import leave, register
from tests.conftest import GIFU, HIDA, KESENNUMA, MIYAGI
from tests.factories.accounts import PEOPLE, ResidentFactory, UserFactory
from tests.factories.counter import person
from tests.factories.registration import move, register_resident

pytestmark = pytest.mark.django_db
ABROAD, TOKYO, SENDAI, TAKAYAMA = "", "131016", "041009", "212032"
PREFECTURE = {KESENNUMA: MIYAGI, SENDAI: MIYAGI, HIDA: GIFU, TAKAYAMA: GIFU}
MOVES = (EventKind.MOVED_IN, EventKind.MOVED_AWAY)


def lives_here(home: str, place: str) -> bool:
    """The rule in other words: one's own city, and the prefecture around it."""
    return bool(home) and place in {home, PREFECTURE.get(home)}


def events_of(registration):
    return list(
        RegistrationEvent.objects.filter(registration=registration, kind__in=MOVES)
        .order_by("pk")
        .values_list("kind", flat=True)
    )


@given(st.lists(st.sampled_from([ABROAD, TOKYO, KESENNUMA, SENDAI, HIDA, TAKAYAMA]), max_size=6))
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_registration_follows_every_move(kesennuma, hida, homes):
    resident = ResidentFactory(person=PEOPLE[1])
    register(resident, kesennuma)
    register(resident, hida)
    expected = {code: [] for code in (KESENNUMA, MIYAGI, HIDA, GIFU)}
    lived = dict.fromkeys(expected, False)
    for home in homes:
        move(resident, home)
        move(resident, home)  # saved once more: nothing happens twice
        resident = Resident.objects.get(pk=resident.pk)
        for code, history in expected.items():
            if lives_here(home, code) != lived[code]:
                lived[code] = not lived[code]
                history.append(MOVES[0] if lived[code] else MOVES[1])
        rows = {row.municipality_id: row for row in resident.registrations.all()}
        assert {code: row.lives_here for code, row in rows.items()} == lived
        assert {code: events_of(row) for code, row in rows.items()} == expected


def test_who_moved_is_named_in_the_history(kesennuma):
    resident = ResidentFactory(person=PEOPLE[1])
    registration = register_resident(resident, kesennuma)
    move(resident, KESENNUMA)
    event = RegistrationEvent.objects.get(registration=registration, kind=EventKind.MOVED_IN)
    assert event.actor_id == resident.user_id
    assert event.on_behalf == ""


def test_a_registration_that_ended_stays_as_it_was(kesennuma):
    resident = ResidentFactory(person=PEOPLE[1])
    registration = register_resident(resident, kesennuma)
    leave(registration)
    move(resident, KESENNUMA)
    registration.refresh_from_db()
    assert not registration.lives_here
    assert events_of(registration) == []


def test_a_move_is_told_once_with_both_codes_and_nobody_gets_a_mail(kesennuma):
    resident = ResidentFactory(person=PEOPLE[1])
    register_resident(resident, kesennuma)
    mails = OutboxMessage.objects.count()
    heard = []

    def listen(sender, resident, before, after, **kwargs):
        heard.append((resident.pk, before, after))

    address_changed.connect(listen)
    try:
        move(resident, TOKYO)
        move(resident, TOKYO, address_line="丸の内1番")
        move(resident, ABROAD)
        move(resident, KESENNUMA)
    finally:
        address_changed.disconnect(listen)
    assert heard == [(resident.pk, TOKYO, ABROAD), (resident.pk, ABROAD, KESENNUMA)]
    assert OutboxMessage.objects.count() == mails


def test_nothing_is_told_of_a_profile_saved_as_it_was(kesennuma):
    resident = ResidentFactory(person=PEOPLE[1])
    register_resident(resident, kesennuma)
    heard = []

    def listen(sender, resident, **kwargs):
        heard.append(resident)

    profile_changed.connect(listen)
    try:
        move(resident, TOKYO)
        assert heard == []
        move(resident, TOKYO, phone="09012345678")
    finally:
        profile_changed.disconnect(listen)
    assert len(heard) == 1
    assert {row.phone for row in Registration.objects.all()} == {"09012345678"}


def test_a_first_profile_tells_nobody():
    heard = []

    def listen(sender, **kwargs):
        heard.append(kwargs)

    profile_changed.connect(listen)
    address_changed.connect(listen)
    try:
        save_profile(UserFactory(), person())
    finally:
        profile_changed.disconnect(listen)
        address_changed.disconnect(listen)
    assert heard == []


def test_a_new_e_mail_address_reaches_the_municipalities(kesennuma):
    resident = ResidentFactory()
    registration = register_resident(resident, kesennuma)
    resident.user.email = "atarashii@example.jp"
    resident.user.save()
    follow_email(resident.user)
    registration.refresh_from_db()
    assert registration.email == "atarashii@example.jp"
