"""Hard cases 22, 23, 24, 29: codes, readings sent twice, a clock that is wrong, no cache."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.test import Client
from redis.exceptions import RedisError

from attendance.codes import rotating_token
from attendance.codes.day import day_codes
from attendance.models import ParticipationRecord, Scan
from attendance.operations.check_in import check_in
from attendance.operations.scans.overview import missing_numbers
from attendance.operations.sign_ups import sign_up
from common.refusal import Refused
from notifications.models import OutboxMessage
from tenants.models import Municipality
from tests.brokers import no_broker
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.codes import venue_token
from tests.factories.scans import (
    DURING,
    a_device,
    a_session,
    desk_client,
    entry,
    move,
    pass_of,
    send,
)

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def session(kesennuma, hida):
    a_session(hida)
    return a_session(kesennuma)


# 22


@pytest.mark.parametrize(
    ("old", "outcome"),
    [
        (90, ""),
        (-60, ""),
        (10 * 60, "code_expired"),
        (-10 * 60, "code_ahead"),
    ],
)
def test_a_changing_code_is_taken_within_ninety_seconds(kesennuma, session, old, outcome) -> None:
    shown = DURING - timedelta(seconds=old)
    token = rotating_token(kesennuma.code, session.session_uuid, 1, shown)
    with time_machine.travel(DURING, tick=False):
        if outcome:
            with pytest.raises(Refused, match=outcome):
                check_in(ResidentFactory(), token)
        else:
            assert check_in(ResidentFactory(), token).is_new
    assert ParticipationRecord.objects.count() == (not outcome)
    assert Scan.objects.get().reason == outcome


def test_who_has_to_sign_up_first_brings_a_changing_code_in_time(kesennuma, session) -> None:
    token = rotating_token(kesennuma.code, session.session_uuid, 1, DURING)
    resident = ResidentFactory()
    newcomer = Client(HTTP_HOST="localhost")
    with time_machine.travel(DURING):
        assert newcomer.get(f"/c/{token}/").status_code == 302
    for minutes, status in ((20, 200), (40, 409)):
        with time_machine.travel(DURING + minutes * MINUTE):
            client = signed_in_client(resident.user)
            assert client.post(f"/c/{token}/").status_code == 409, "the address alone is not enough"
            client.cookies["seen"] = newcomer.cookies["seen"].value
            assert client.post(f"/c/{token}/").status_code == status
    assert ParticipationRecord.objects.count() == 1


def test_a_start_moved_by_an_hour_keeps_the_poster_and_another_day_does_not(
    kesennuma, session
) -> None:
    token = venue_token(kesennuma.code, session.session_uuid)
    move(kesennuma, session, HOUR)
    with time_machine.travel(DURING):
        assert check_in(ResidentFactory(), token).is_new
    move(kesennuma, session, timedelta(days=1))
    with time_machine.travel(DURING + timedelta(days=1)), pytest.raises(Refused, match="other_day"):
        check_in(ResidentFactory(), token)


# 23


def test_a_batch_sent_again_after_a_cut_counts_once(own_database) -> None:
    """Cut off in the middle: parts of the batch arrive at once with the whole of it."""
    kesennuma = Municipality.objects.get(pk="042056")
    session = a_session(kesennuma)
    with time_machine.travel(DURING - 30 * MINUTE):
        device, cookie = a_device(kesennuma, session)
    scans = [entry(pass_of(ResidentFactory()), DURING, n) for n in range(1, 31)]

    def post(part: list[Any]) -> Any:
        try:
            return send(desk_client(kesennuma, cookie), "/desk/scans/", part, DURING).json()
        finally:
            connection.close()

    with time_machine.travel(DURING), ThreadPoolExecutor(4) as pool:
        parts = [scans, scans[:20], scans[10:], list(reversed(scans))]
        answers = list(pool.map(post, parts))
    for answer in answers:
        assert {one["classification"] for one in answer["answers"]} == {"counted"}
    assert [one["uuid"] for one in answers[3]["answers"]] == [s["uuid"] for s in parts[3]]
    assert (Scan.objects.count(), ParticipationRecord.objects.count()) == (30, 30)
    assert missing_numbers(kesennuma, device.session_uuid) == {}


# 24


def test_five_hundred_with_a_clock_two_hours_slow_arrive_once(kesennuma, session) -> None:
    """The device was cut off twice, and sends from the last answer that it has."""
    with time_machine.travel(DURING - 30 * MINUTE):
        device, cookie = a_device(kesennuma, session)
    client, slow = desk_client(kesennuma, cookie), DURING - 2 * HOUR
    people = [ResidentFactory() for _n in range(50)]
    scans = [entry(pass_of(people[n % 50]), slow + timedelta(seconds=n), n + 1) for n in range(500)]
    sent_at = DURING + 8 * HOUR
    for first, last in ((0, 200), (100, 300), (300, 500), (300, 500)):
        with time_machine.travel(sent_at, tick=False):
            answer = send(client, "/desk/scans/", scans[first:last], sent_at - 2 * HOUR)
        assert len(answer.json()["answers"]) == 200
    rows = Scan.objects.all()
    assert rows.count() == 500
    assert rows.filter(clock_off=True, sent_late=True).count() == 500
    assert rows.filter(classification="counted").count() == 50
    assert rows.filter(classification="duplicate").count() == 450
    assert ParticipationRecord.objects.count() == 50
    assert missing_numbers(kesennuma, device.session_uuid) == {}


# 29


@pytest.fixture
def no_cache_and_broker(settings):
    """The product's own cache and broker, and nobody there."""
    nobody = "redis://127.0.0.1:1"
    settings.CACHES = {
        **settings.CACHES,
        "default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": nobody},
    }
    with pytest.raises(RedisError):
        RedisCache(nobody, {}).get("x")
    with no_broker():
        yield


def test_without_cache_and_broker_people_check_in_and_guessers_do_not(
    kesennuma, session, no_cache_and_broker, django_capture_on_commit_callbacks
) -> None:
    resident, guesser = ResidentFactory(), ResidentFactory()
    token = venue_token(kesennuma.code, session.session_uuid)
    # What wakes workers is tried in earnest, and fails.
    with time_machine.travel(DURING - 24 * HOUR):
        with django_capture_on_commit_callbacks(execute=True) as wakes:
            sign_up(resident, kesennuma, session.session_uuid)
        assert wakes, "a sign-up sends a mail"
        assert OutboxMessage.objects.filter(kind="mail", delivered_at=None).exists(), "which waits"
    with time_machine.travel(DURING):
        client = signed_in_client(resident.user)
        assert client.get(f"/c/{token}/").status_code == 200
        with django_capture_on_commit_callbacks(execute=True) as wakes:
            assert client.post(f"/c/{token}/").status_code == 200
        assert not wakes, "a check-in needs no worker"
        assert client.get("/my/pass/").status_code == 200
        digits = day_codes(session.session_uuid, session.starts_at.date(), 1)[0]
        wrong = "000000" if digits != "000000" else "111111"
        client = signed_in_client(guesser.user)
        data = {"municipality": kesennuma.code, "digits": wrong}
        assert [client.post("/c/", data).status_code for _n in range(11)] == [409] * 10 + [429]
        assert client.post("/c/", data | {"digits": digits}).status_code == 429
    assert ParticipationRecord.objects.count() == 1
    assert Scan.objects.filter(reason="digits_wrong").count() == 10


def test_the_six_digits_record_as_the_poster_does(kesennuma, hida, session) -> None:
    digits = day_codes(session.session_uuid, session.starts_at.date(), 1)[0]
    wide = digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    with time_machine.travel(DURING):
        client = signed_in_client(ResidentFactory().user)
        for code, status in ((hida.code, 409), (kesennuma.code, 200)):
            data = {"municipality": code, "digits": f"{wide[:3]} {wide[3:]}"}
            assert client.post("/c/", data).status_code == status
    assert ParticipationRecord.objects.get().method == "day_code"
    with time_machine.travel(DURING + 6 * HOUR):
        data = {"municipality": kesennuma.code, "digits": digits}
        assert signed_in_client(ResidentFactory().user).post("/c/", data).status_code == 409
