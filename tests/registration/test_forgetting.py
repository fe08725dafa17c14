"""Who left a municipality is forgotten by it after a month, and by no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client

from accounts.models import Resident
from attendance.models import SignUp
from attendance.operations.sign_ups import sign_up
from certificates.models import Certificate, CertificateFile
from common import clock
from registration import tasks
from registration.models import Registration, RegistrationEvent
from registration.operations import leave, register
from registration.operations.forgetting import forget_left
from registration.queries import active_registration
from registration.signals import emptied
from surveys.enums import QuestionKind, Survey
from surveys.models import Answer
from surveys.operations import GivenAnswer, keep_answers
from tenants.actors import OWNER, acting
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import PEOPLE, ResidentFactory
from tests.factories.activities import make_activity, session_values
from tests.factories.registration import register_resident

DISCLOSED = (
    "family_name", "given_name", "kana", "birth_date", "postal_code", "address",
    "residence_name", "email", "phone",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _caretaker() -> Iterator[None]:
    with acting(OWNER):
        yield


@contextmanager
def days_later(days: float) -> Iterator[None]:
    with time_machine.travel(clock.now() + timedelta(days=days)):
        yield


@pytest.fixture
def resident(db: None) -> Resident:
    made: Resident = ResidentFactory(person=PEOPLE[0], phone="090-1234-5678")
    return made


def answer(resident: Resident, place: Municipality) -> None:
    with municipality_context(place):
        keep_answers(
            resident.pk,
            Survey.REGISTRATION,
            [
                GivenAnswer(QuestionKind.LONG_TEXT, "ひとこと", "祖母の家がありました"),
                GivenAnswer(QuestionKind.ONE_CHOICE, "魚", "さんま"),
            ],
        )


def values_of(resident: Resident, place: Municipality) -> list[Any]:
    with municipality_context(place):
        return list(Answer.objects.filter(resident_id=resident.pk).values_list("value", flat=True))


def take_a_place(resident: Resident, place: Municipality, *, days: int) -> SignUp:
    day = clock.today() + timedelta(days=days)
    page = make_activity(
        place, slug=f"k-{uuid4().hex[:8]}", sessions=[session_values(day, start=time(9))]
    )
    with municipality_context(place):
        uuid = page.sessions.get().uuid
    return sign_up(resident, place, uuid)


def leave_now(resident: Resident, place: Municipality) -> Registration:
    registration = active_registration(resident.pk, place)
    assert registration is not None
    leave(registration)
    return registration


def is_empty(registration: Registration) -> bool:
    registration.refresh_from_db()
    left = {getattr(registration, name) for name in DISCLOSED}
    assert (registration.emptied_at is not None) is (left == {"", None})
    return left == {"", None}


def test_a_month_after_leaving_nothing_is_left_but_the_history(
    resident: Resident, kesennuma: Municipality, hida: Municipality, miyagi: Municipality
) -> None:
    for place in (kesennuma, hida):
        register_resident(resident, place)
        answer(resident, place)
    place_taken = take_a_place(resident, kesennuma, days=1)
    valid = Certificate.objects.get(resident=resident, municipality=hida)
    CertificateFile.objects.create(
        certificate=Certificate.objects.get(resident=resident, municipality=kesennuma),
        layout="a4",
        content=b"%PDF-",
    )
    left, prefecture = leave_now(resident, kesennuma), Registration.objects.get(municipality=miyagi)
    events = RegistrationEvent.objects.filter(registration=left).count()
    with days_later(29):
        assert forget_left() == 0
        assert not is_empty(left)
    with days_later(33):
        assert forget_left() == 2, "the city and its prefecture"
        assert is_empty(left)
        assert is_empty(prefecture)
    assert (left.number, left.status, left.lives_here) == (left.number, "ended", True)
    assert RegistrationEvent.objects.filter(registration=left).count() == events
    assert values_of(resident, kesennuma) == ["さんま"], "choices stay for the totals"
    certificate = Certificate.objects.get(registration=left)
    assert (certificate.payload["name"], certificate.payload["kana"]) == ("", "")
    assert certificate.number == left.number
    assert not certificate.files.exists()
    page = Client(HTTP_HOST="localhost").get(f"/v/{certificate.code}/").content.decode()
    assert certificate.number in page
    assert "佐藤" not in page
    place_taken.refresh_from_db()
    assert (place_taken.name, place_taken.kana, place_taken.phone) == ("", "", "")
    valid.refresh_from_db()
    assert valid.payload["name"] == resident.name
    other = active_registration(resident.pk, hida)
    assert other is not None
    assert other.name == resident.name
    assert len(values_of(resident, hida)) == 2


def test_others_who_left_later_or_stay_are_left_alone(
    resident: Resident, kesennuma: Municipality
) -> None:
    stays: Resident = ResidentFactory()
    later: Resident = ResidentFactory()
    for one in (resident, stays, later):
        register_resident(one, kesennuma)
        answer(one, kesennuma)
    leave_now(resident, kesennuma)
    with days_later(20):
        leave_now(later, kesennuma)
    with days_later(40):
        forget_left()
    for one in (stays, later):
        assert len(values_of(one, kesennuma)) == 2
        assert not Registration.objects.filter(resident=one, family_name="").exists()


def test_whoever_comes_back_in_time_loses_nothing(
    resident: Resident, kesennuma: Municipality
) -> None:
    register_resident(resident, kesennuma)
    answer(resident, kesennuma)
    first = leave_now(resident, kesennuma)
    with days_later(20):
        register(resident, kesennuma)
    with days_later(60):
        assert forget_left() == 0
        assert not is_empty(first)
        second = leave_now(resident, kesennuma)
    with days_later(70):
        assert forget_left() == 0, "the month begins with the last leaving"
        assert len(values_of(resident, kesennuma)) == 2
    with days_later(91):
        assert forget_left() == 4
        assert is_empty(first)
        assert is_empty(second)
    assert values_of(resident, kesennuma) == ["さんま"]


def test_whoever_comes_back_later_is_registered_again_and_the_history_stands(
    resident: Resident, kesennuma: Municipality
) -> None:
    register_resident(resident, kesennuma)
    first = leave_now(resident, kesennuma)
    with days_later(40):
        forget_left()
        (again, _prefecture) = register(resident, kesennuma)
        assert forget_left() == 0
    assert is_empty(first)
    assert again.name == resident.name
    kinds = RegistrationEvent.objects.filter(
        registration__resident=resident, registration__municipality=kesennuma
    ).values_list("kind", flat=True)
    assert list(kinds) == ["registered", "ended", "registered_again"]


def test_a_name_given_for_a_session_after_leaving_is_kept_a_month_after_it(
    resident: Resident, kesennuma: Municipality
) -> None:
    register_resident(resident, kesennuma)
    leave_now(resident, kesennuma)
    later = take_a_place(resident, kesennuma, days=50)
    with days_later(40):
        forget_left()
    later.refresh_from_db()
    assert later.name == resident.name, "the session is still to come"
    with days_later(82):
        forget_left()
    later.refresh_from_db()
    assert later.name == ""


def test_a_prefecture_that_stays_with_another_city_forgets_nothing(
    resident: Resident, kesennuma: Municipality, miyagi: Municipality
) -> None:
    register_resident(resident, miyagi)
    register_resident(resident, kesennuma)
    leave_now(resident, kesennuma)
    with days_later(40):
        assert forget_left() == 1
    row = active_registration(resident.pk, miyagi)
    assert row is not None
    assert row.name == resident.name


def test_a_municipality_that_fails_is_whole_and_keeps_no_other_waiting(
    resident: Resident, kesennuma: Municipality, hida: Municipality
) -> None:
    left = []
    for place in (kesennuma, hida):
        register_resident(resident, place)
        left.append(leave_now(resident, place))

    def fail(sender: Any, municipality: Municipality, **kwargs: Any) -> None:
        if municipality.code == KESENNUMA:
            raise RuntimeError

    emptied.connect(fail)
    try:
        with days_later(40):
            assert forget_left() == 3
        assert not is_empty(left[0])
        assert is_empty(left[1])
    finally:
        emptied.disconnect(fail)
    with days_later(43):
        assert forget_left() == 1, "three days later it is done all the same"
        assert forget_left() == 0
    assert is_empty(left[0])


def test_the_clock_s_task_is_the_caretaker_s(settings: Any) -> None:
    assert tasks.forget_left.acts_as == OWNER
    task = settings.CELERY_BEAT_SCHEDULE["forget-left"]["task"]
    assert settings.CELERY_TASK_ROUTES[task] == {"queue": "caretaker"}


def test_twice_at_once_is_once(own_database: str) -> None:
    connection.set_schema_to_public()
    place = Municipality.objects.get(pk=KESENNUMA)
    people = [ResidentFactory() for _one in range(20)]
    for one in people:
        register_resident(one, place)
        leave_now(one, place)
    Registration.objects.update(ended_at=clock.now() - timedelta(days=31))
    barrier, numbers = threading.Barrier(3), []

    def work() -> None:
        try:
            with acting(OWNER):
                barrier.wait()
                numbers.append(forget_left())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _one in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(numbers) == 40
    assert not Registration.objects.exclude(family_name="").exists()
