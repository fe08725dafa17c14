"""Registering and leaving, with a prefecture that comes along."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from common.my_number import has_my_number
from common.refusal import Refused
from notifications.models import OutboxMessage
from registration.enums import EventKind, Origin
from registration.models import Registration, RegistrationCounter, RegistrationEvent
from registration.operations import leave, register
from registration.operations.numbers import next_number
from registration.queries import active_registration, is_registered, registrations_of
from registration.signals import ended, registered
from surveys.enums import QuestionKind, Survey
from surveys.models import Answer
from surveys.operations import GivenAnswer, keep_answers
from tenants.context import municipality_context
from tenants.models import LocalGovernment, Municipality
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import move, register_resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _real_mail(settings):
    """Mail as in production: a row of the outbox, in the same transaction."""
    settings.EMAIL_BACKEND = "notifications.mail_backend.OutboxEmailBackend"


class Answering:
    """A step that keeps one answer, as the survey does."""

    def save(self, registration):
        keep_answers(
            registration.resident_id,
            Survey.REGISTRATION,
            [GivenAnswer(QuestionKind.SHORT_TEXT, "好きな魚は何ですか。", "さんま")],
        )


class Failing(Answering):
    """A step that fails after it has written."""

    def save(self, registration):
        super().save(registration)
        raise RuntimeError("the answers cannot be kept")


def answers_in(municipality) -> int:
    with municipality_context(municipality):
        return Answer.objects.count()


def held(resident) -> dict[str, str]:
    return {str(row.municipality_id): row.origin for row in registrations_of(resident)}


def test_registering_with_a_city_registers_with_its_prefecture(kesennuma, miyagi, hida):
    resident = ResidentFactory()
    own, prefectures = register(resident, kesennuma, [Answering()])
    assert (own.origin, prefectures.origin) == (Origin.DIRECT, Origin.CO_REGISTERED)
    assert held(resident) == {kesennuma.code: "direct", miyagi.code: "co_registered"}
    assert (answers_in(kesennuma), answers_in(miyagi), answers_in(hida)) == (1, 0, 0)
    assert is_registered(resident.pk, kesennuma)
    assert not is_registered(resident.pk, hida)


def test_no_number_looks_like_an_individual_number(kesennuma):
    """Whoever reads theirs out at a counter could not have it looked up (R10)."""
    alike = next(n for n in range(1, 99) if has_my_number(f"042056-{n:06}"))
    RegistrationCounter.objects.create(municipality=kesennuma, last=alike - 1)
    assert next_number(kesennuma) == f"042056-{alike + 1:06}"
    assert next_number(kesennuma) == f"042056-{alike + 2:06}"


def test_numbers_run_for_each_municipality(kesennuma, miyagi, hida, gifu):
    one, other = ResidentFactory(), ResidentFactory()
    numbers = [
        [row.number for row in register(person, place)]
        for person, place in [(one, kesennuma), (other, kesennuma), (one, hida)]
    ]
    assert numbers == [
        ["042056-000001", "040002-000001"],
        ["042056-000002", "040002-000002"],
        ["212172-000001", "210005-000001"],
    ]


def test_registering_again_changes_nothing(kesennuma):
    resident = ResidentFactory()
    first = register(resident, kesennuma, [Answering()])
    mails = OutboxMessage.objects.count()
    second = register(resident, kesennuma, [Answering()])
    assert [row.pk for row in first] == [row.pk for row in second]
    assert answers_in(kesennuma) == 1
    assert OutboxMessage.objects.count() == mails
    assert RegistrationEvent.objects.count() == 2


def test_a_step_that_fails_leaves_nothing_anywhere(kesennuma, miyagi):
    resident = ResidentFactory()
    mails = OutboxMessage.objects.count()
    with pytest.raises(RuntimeError):
        register(resident, kesennuma, [Answering(), Failing()])
    assert connection.schema_name == "public"
    assert not Registration.objects.exists()
    assert not RegistrationEvent.objects.exists()
    assert not RegistrationCounter.objects.exists()
    assert OutboxMessage.objects.count() == mails
    assert (answers_in(kesennuma), answers_in(miyagi)) == (0, 0)


def test_a_listener_that_fails_leaves_nothing_anywhere(kesennuma):
    def fail(sender, registration, **kwargs):
        raise RuntimeError

    registered.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            register(ResidentFactory(), kesennuma, [Answering()])
    finally:
        registered.disconnect(fail)
    assert not Registration.objects.exists()
    assert answers_in(kesennuma) == 0


def test_without_its_prefecture_a_city_registers_alone(kesennuma, miyagi):
    government = LocalGovernment.objects.filter(pk=kesennuma.code)
    government.update(prefecture_id="020001")  # 青森県 takes no part
    resident = ResidentFactory()
    (alone,) = register(resident, Municipality.objects.get(pk=kesennuma.code))
    government.update(prefecture_id=miyagi.code)
    # The prefecture takes part now: the next registration of the same person makes up for it.
    own, prefectures = register(resident, kesennuma)
    assert own.pk == alone.pk
    assert (prefectures.municipality, prefectures.origin) == (miyagi, Origin.CO_REGISTERED)


def test_a_direct_prefecture_stays_direct_when_a_city_follows(kesennuma, miyagi):
    resident = ResidentFactory()
    (direct,) = register(resident, miyagi)
    both = register(resident, kesennuma)
    assert both[1].pk == direct.pk
    assert held(resident) == {kesennuma.code: "direct", miyagi.code: "direct"}


def test_a_co_registered_prefecture_becomes_direct_and_asks_its_questions(kesennuma, miyagi):
    resident = ResidentFactory()
    co_registered = register(resident, kesennuma)[1]
    (direct,) = register(resident, miyagi, [Answering()])
    assert (direct.pk, direct.number) == (co_registered.pk, co_registered.number)
    assert direct.origin == Origin.DIRECT
    assert answers_in(miyagi) == 1


def test_leaving_the_city_ends_the_co_registration(kesennuma, miyagi, hida):
    resident = ResidentFactory()
    register_resident(resident, hida)
    over = leave(register_resident(resident, kesennuma))
    assert [row.municipality_id for row in over] == [kesennuma.code, miyagi.code]
    assert set(held(resident)) == {hida.code, "210005"}
    assert all(row.ended_at for row in over)


def test_leaving_the_city_leaves_a_direct_prefecture(kesennuma, miyagi):
    resident = ResidentFactory()
    registration = register_resident(resident, kesennuma)
    register_resident(resident, miyagi)
    leave(registration)
    assert held(resident) == {miyagi.code: "direct"}


def test_a_prefecture_held_by_a_city_can_only_be_left_with_it(kesennuma, miyagi):
    resident = ResidentFactory()
    co_registered = register(resident, kesennuma)[1]
    with pytest.raises(Refused) as refusal:
        leave(co_registered)
    assert refusal.value.code == "held_by_city"
    assert refusal.value.data == {"municipalities": ["宮城県気仙沼市"]}
    register(resident, miyagi)
    assert leave(co_registered) == []
    assert held(resident)[miyagi.code] == "co_registered"


def test_leaving_twice_is_leaving_once(kesennuma):
    registration = register_resident(ResidentFactory(), kesennuma)
    assert len(leave(registration)) == 2
    assert leave(registration) == []


def test_an_old_registration_cannot_end_the_new_one(kesennuma):
    resident = ResidentFactory()
    old = register_resident(resident, kesennuma)
    leave(old)
    register_resident(resident, kesennuma)
    assert leave(old) == []
    assert is_registered(resident.pk, kesennuma)


def test_who_comes_back_gets_a_new_number_and_keeps_the_history(kesennuma):
    resident = ResidentFactory()
    leave(register_resident(resident, kesennuma))
    again = register_resident(resident, kesennuma)
    assert again.number == "042056-000002"
    rows = Registration.objects.filter(resident=resident, municipality=kesennuma)
    assert [row.status for row in rows.order_by("number")] == ["ended", "active"]
    assert [event.kind for event in again.events.all()] == [EventKind.REGISTERED_AGAIN]
    assert again.events.get().actor_id == resident.user_id


def test_the_database_refuses_a_second_active_registration(kesennuma):
    registration = register_resident(ResidentFactory(), kesennuma)
    registration.pk, registration.number = None, "other"
    with pytest.raises(IntegrityError), transaction.atomic():
        registration.save(force_insert=True)


def test_history_cannot_be_rewritten(kesennuma):
    event = register_resident(ResidentFactory(), kesennuma).events.get()
    event.reason = "another"
    with pytest.raises(TypeError):
        event.save()


def test_rare_characters_of_a_name_are_kept(kesennuma):
    resident = ResidentFactory(family_name="𠮷髙", given_name="﨑葛\U000e0100子")
    registration = active_registration(
        register_resident(resident, kesennuma).resident_id, kesennuma
    )
    assert registration.name == "𠮷髙 﨑葛\U000e0100子"
    mail = OutboxMessage.objects.filter(kind="mail").latest("pk")
    assert "𠮷髙 﨑葛\U000e0100子" in mail.payload["body"]


def test_the_mail_names_both_registrations_in_the_residents_language(kesennuma):
    register_resident(ResidentFactory(language="ja"), kesennuma)
    register_resident(ResidentFactory(language="en"), kesennuma)
    english, japanese = (message.payload for message in OutboxMessage.objects.order_by("-pk")[:2])
    assert japanese["subject"] == "宮城県気仙沼市に登録しました"
    assert "042056-000001" in japanese["body"]
    assert "040002-000001" in japanese["body"]
    assert english["subject"] == "You are registered with 宮城県気仙沼市"


def test_listeners_hear_of_each_registration_that_begins_or_ends(kesennuma, miyagi):
    heard = []

    def listen(sender, registration, signal, **kwargs):
        heard.append((signal is ended, registration.municipality_id, connection.schema_name))

    registered.connect(listen)
    ended.connect(listen)
    try:
        leave(register_resident(ResidentFactory(), kesennuma))
    finally:
        registered.disconnect(listen)
        ended.disconnect(listen)
    assert heard == [
        (False, kesennuma.code, "public"),
        (False, miyagi.code, "public"),
        (True, kesennuma.code, "public"),
        (True, miyagi.code, "public"),
    ]


def test_a_changed_address_reaches_registrations_that_hold_and_no_others(kesennuma, hida):
    resident = ResidentFactory(residence_id="131016")
    old = register_resident(resident, hida)
    address_then = old.address
    leave(old)
    current = register_resident(resident, kesennuma)
    assert not current.lives_here
    move(resident, kesennuma.code, address_line="魚市場前1番")
    current.refresh_from_db()
    old.refresh_from_db()
    assert current.address == "宮城県気仙沼市魚市場前1番"
    assert current.lives_here
    assert old.address == address_then


def test_who_lives_in_a_city_lives_in_its_prefecture(kesennuma, miyagi, hida):
    resident = ResidentFactory(residence_id=kesennuma.code)
    assert [row.lives_here for row in register(resident, kesennuma)] == [True, True]
    assert [row.lives_here for row in register(resident, hida)] == [False, False]


def test_a_hundred_registrations_are_no_limit_and_cost_the_same(
    kesennuma, hida, django_assert_max_num_queries
):
    resident = ResidentFactory()
    # Two registrations, each with its certificate, and the consents: texts, what runs, new ones.
    with django_assert_max_num_queries(34):
        register(resident, kesennuma)
    # Two registrations, each with its certificate, and the consents: texts, what runs, new ones.
    with django_assert_max_num_queries(34):
        register(resident, hida)
