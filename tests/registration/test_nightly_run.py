"""The whole night: in any order, after a pause, twice at once, and when a step fails."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Resident
from common.clock import TOKYO
from notifications.models import OutboxMessage
from registration import tasks
from registration.models import (
    EndNotice,
    PremiumSlot,
    PremiumStanding,
    Registration,
    RegistrationEvent,
    ReleaseWarning,
)
from registration.operations.nightly import STEPS, nightly
from registration.operations.nightly import run as nights
from registration.signals import ended_at_once
from tenants.actors import OWNER, acting
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tests.conftest import HIDA, KESENNUMA, MIYAGI
from tests.factories.accounts import PEOPLE, ResidentFactory
from tests.factories.registration import register_resident
from tests.factories.standings import make_standing, prove, renews_by_itself, take_part

START = date(2026, 11, 29)
NIGHT = date(2028, 11, 30)


@pytest.fixture(autouse=True)
def _caretaker() -> Iterator[None]:
    with acting(OWNER):
        yield


def on(day: date) -> time_machine.travel:
    return time_machine.travel(datetime.combine(day, time(3), tzinfo=TOKYO), tick=False)


def make_everybody(number: int = 1) -> None:
    """For each step of the night of `NIGHT` somebody, so many times."""
    places = {code: Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA, MIYAGI)}
    renews_by_itself(places[HIDA])
    for _one in range(number):
        with on(START):
            released: Resident = ResidentFactory(person=PEOPLE[1])
            register_resident(released, places[KESENNUMA])
            warned: Resident = ResidentFactory(person=PEOPLE[1])
            register_resident(warned, places[HIDA])
            Resident.objects.filter(pk=warned.pk).update(seen_on=START + timedelta(days=40))
            ReleaseWarning.objects.create(
                resident=released, seen_on=START, days=7, told_on=NIGHT - timedelta(days=9),
                release_on=NIGHT,
            )  # fmt: skip
        with on(NIGHT - timedelta(days=366)):
            lapses: Resident = ResidentFactory(person=PEOPLE[1])
            over = make_standing(lapses, places[KESENNUMA], slot=1, ends_on=NIGHT - timedelta(1))
            make_standing(lapses, places[MIYAGI], derived_from=over, ends_on=over.ends_on)
            told: Resident = ResidentFactory(person=PEOPLE[1])
            make_standing(told, places[KESENNUMA], slot=1, ends_on=NIGHT + timedelta(29))
            renewed: Resident = ResidentFactory(person=PEOPLE[1])
            prove(renewed)
            make_standing(renewed, places[HIDA], slot=1, ends_on=NIGHT + timedelta(29))
            take_part(renewed, places[HIDA], *(NIGHT - timedelta(days) for days in (9, 8, 7)))
    OutboxMessage.objects.all().delete()


def everything() -> list[Any]:
    """What the night leaves behind, without numbers of rows."""
    kinds = OutboxMessage.objects.values_list("kind", flat=True)
    return [
        sorted(Registration.objects.values_list("number", "status", "kind")),
        sorted(RegistrationEvent.objects.values_list("registration__number", "kind", "reason")),
        sorted(ReleaseWarning.objects.values_list("resident", "days", "release_on")),
        sorted(EndNotice.objects.values_list("standing__resident", "days")),
        sorted(PremiumStanding.objects.values_list("registration__number", "status", "ends_on")),
        sorted(PremiumSlot.objects.values_list("resident", "number")),
        sorted(kind for kind in kinds if "ends" not in kind and "issue_anew" not in kind),
    ]


@pytest.mark.django_db
def test_any_order_and_twice_leads_to_the_same() -> None:
    make_everybody()
    found = []
    steps = [name for name in STEPS if name != "counted"]
    with on(NIGHT):
        for order in itertools.permutations(steps):
            with transaction.atomic():
                for name in (*order, *order[:2]):
                    STEPS[name](NIGHT)
                found.append(everything()[:3] + everything()[4:])
                transaction.set_rollback(True)
    assert all(one == found[0] for one in found)
    assert {kind for _number, kind, _reason in found[0][1]} >= {
        "released", "premium_lapsed", "premium_renewed",
    }  # fmt: skip


@pytest.mark.django_db
def test_three_nights_later_it_is_all_done() -> None:
    make_everybody()
    with on(NIGHT + timedelta(days=3)):
        done = nightly()
    assert {name: done[name] for name in ("renewed", "lapsed", "warned", "released")} == {
        "renewed": 1, "lapsed": 1, "warned": 1, "released": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_a_step_that_fails_keeps_no_other_waiting_and_leaves_nothing_half_done() -> None:
    make_everybody()

    def fail(**kwargs: Any) -> None:
        raise RuntimeError

    ended_at_once.connect(fail)
    try:
        with on(NIGHT):
            done = nightly()
    finally:
        ended_at_once.disconnect(fail)
    assert done["released"] is None
    assert None not in {number for name, number in done.items() if name != "released"}
    assert not RegistrationEvent.objects.filter(kind="released").exists()
    with on(NIGHT):
        assert nightly()["released"] == 1


def test_two_at_once_do_it_once(own_database: str) -> None:
    connection.set_schema_to_public()
    make_everybody(5)
    barrier = threading.Barrier(3)
    done: list[dict[str, int | None]] = []

    def work() -> None:
        try:
            with acting(OWNER):
                barrier.wait()
                done.append(nightly())
        finally:
            connection.close()

    with on(NIGHT):
        threads = [threading.Thread(target=work) for _one in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for name in ("lapsed", "warned", "released"):
        assert sum(one[name] or 0 for one in done) == 5, name
    assert None not in {number for one in done for number in one.values()}
    for kind in ("released", "premium_renewed"):
        assert RegistrationEvent.objects.filter(kind=kind).count() in (5, 10)
    sent = OutboxMessage.objects.filter(kind__startswith="registration.")
    assert sorted(set(sent.values_list("kind", flat=True))) == [
        "registration.premium_ends", "registration.premium_lapsed",
        "registration.premium_renewed", "registration.release_warning", "registration.released",
    ]  # fmt: skip
    assert sent.filter(kind="registration.released").count() == 5


def test_whoever_signs_in_at_that_moment_is_not_released(own_database: str) -> None:
    connection.set_schema_to_public()
    make_everybody()
    due = ReleaseWarning.objects.get().resident
    begun, go_on = threading.Event(), threading.Event()

    def sign_in() -> None:
        try:
            with acting(OWNER), transaction.atomic():
                Resident.objects.filter(pk=due.pk).update(seen_on=NIGHT)
                begun.set()
                go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=sign_in)
    thread.start()
    begun.wait(10)
    with on(NIGHT):
        assert STEPS["released"](NIGHT) == 0, "left alone, not waited for"
        go_on.set()
        thread.join()
        assert STEPS["released"](NIGHT) == 0
    assert Registration.objects.filter(resident=due, status="active").count() == 2


@pytest.mark.django_db
def test_the_command_says_what_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    make_everybody()
    with on(NIGHT):
        call_command("nightly", "--day", "2028-11-30")
        assert "released: 1" in capsys.readouterr().out
        with pytest.raises(CommandError, match="still to come"):
            call_command("nightly", "--day", "2028-12-01")


def test_the_clock_s_task_is_the_caretaker_s(settings: Any) -> None:
    assert tasks.nightly.acts_as == OWNER
    entry = settings.CELERY_BEAT_SCHEDULE["registrations-at-night"]
    assert settings.CELERY_TASK_ROUTES[entry["task"]] == {"queue": "caretaker"}
    assert (entry["schedule"].hour, entry["schedule"].minute) == ({3}, {0})
    assert settings.CELERY_TIMEZONE == "Asia/Tokyo"
    assert nights.STEPS is STEPS
