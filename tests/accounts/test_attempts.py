"""Limits hold in the database: for all processes, without a cache, and if in doubt closed."""

from __future__ import annotations

import re
import threading
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import connection
from django.test import Client

from accounts.models import AttemptCount, SecurityEvent
from accounts.operations.attempts import TooManyAttempts, spend
from common.clock import TOKYO
from tests.factories.accounts import PASSWORD, UserFactory

CODE = re.compile(r"^\d{4}-\d{4}$", re.MULTILINE)
WRONG = "wrong-wrong-wrong"


class BrokenCache(BaseCache):
    """As if the cache's server were down."""

    def __init__(self, *_args, **_options) -> None:
        super().__init__({})

    def _fail(self, *_args, **_options):
        raise ConnectionError("the cache is down")

    add = get = set = touch = delete = clear = incr = has_key = get_many = set_many = _fail


@pytest.fixture
def broken_cache(settings):
    name = f"{__name__}.BrokenCache"
    settings.CACHES = {"default": {"BACKEND": name}}
    with pytest.raises(ConnectionError):
        caches["default"].get("x")


def with_password(email, password=WRONG, address="192.0.2.1"):
    client = Client(HTTP_HOST="localhost", REMOTE_ADDR=address)
    return client.post("/account/login/password/", {"login": email, "password": password})


@pytest.mark.django_db
def test_twenty_refused_sign_ins_are_enough():
    user = UserFactory()
    statuses = [with_password(user.email).status_code for _time in range(21)]
    assert statuses == [200] * 20 + [429]
    answer = with_password(user.email, PASSWORD)
    assert answer.status_code == 429  # not even with the right one
    assert "数分たってから" in answer.content.decode()
    assert answer["Retry-After"]


@pytest.mark.django_db
def test_others_and_the_owner_at_another_place_are_unaffected():
    user, neighbour = UserFactory(), UserFactory()
    for _time in range(21):
        with_password(user.email)
    assert with_password(neighbour.email, PASSWORD).status_code == 302
    assert with_password(user.email, PASSWORD, "192.0.2.9").status_code == 302


@pytest.mark.django_db
def test_after_an_hour_it_is_possible_again():
    user = UserFactory()
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=TOKYO), tick=False) as clock:
        for _time in range(21):
            with_password(user.email)
        clock.shift(timedelta(minutes=59))
        assert with_password(user.email, PASSWORD).status_code == 429
        clock.shift(timedelta(minutes=2))
        assert with_password(user.email, PASSWORD).status_code == 302


@pytest.mark.django_db
def test_what_succeeds_is_not_counted():
    user = UserFactory()
    for _time in range(25):
        assert with_password(user.email, PASSWORD).status_code == 302


@pytest.mark.django_db
def test_all_ways_count_together():
    user = UserFactory()
    for _time in range(10):
        with_password(user.email)
    client = Client(HTTP_HOST="localhost", REMOTE_ADDR="192.0.2.1")
    recovery = {"email": user.email, "code": "1234-1234-1234-1234"}
    for _time in range(10):
        assert client.post("/account/login/recovery/", recovery).status_code == 200
    assert client.post("/account/login/recovery/", recovery).status_code == 429
    client.post("/account/login/", {"email": user.email})
    assert client.post("/account/login/code/", {"code": "1"}).status_code == 429


@pytest.mark.django_db
def test_many_places_together_guess_no_faster():
    user = UserFactory()
    for number in range(100):
        with_password(user.email, address=f"198.51.100.{number % 100}")
    assert with_password(user.email, address="203.0.113.7").status_code == 429


@pytest.mark.django_db
def test_one_desk_does_not_use_up_what_the_owner_has_elsewhere():
    user = UserFactory()
    for _time in range(101):
        with_password(user.email)
    assert with_password(user.email, PASSWORD, "192.0.2.9").status_code == 302
    assert SecurityEvent.objects.filter(account=user, kind="sign_in_blocked").count() == 1


@pytest.mark.django_db
def test_an_ipv6_household_is_one_place():
    user = UserFactory()
    for number in range(20):
        with_password(user.email, address=f"2001:db8::{number:x}")
    assert with_password(user.email, address="2001:db8::ffff").status_code == 429
    assert with_password(user.email, PASSWORD, "2001:db8:0:1::1").status_code == 302


@pytest.mark.django_db
def test_a_made_up_header_makes_no_other_place():
    user = UserFactory()
    for number in range(21):
        client = Client(HTTP_HOST="localhost", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
        answer = client.post("/account/login/password/", {"login": user.email, "password": WRONG})
    assert answer.status_code == 429


@pytest.mark.django_db
def test_a_mailbox_is_not_flooded(mailoutbox):
    user = UserFactory()
    statuses = [
        Client(HTTP_HOST="localhost").post("/account/login/", {"email": user.email}).status_code
        for _time in range(7)
    ]
    assert statuses == [302] * 6 + [429]
    assert len(mailoutbox) == 6


@pytest.mark.django_db
def test_new_mails_of_one_attempt_count_too(mailoutbox):
    user = UserFactory()
    for _time in range(2):
        client = Client(HTTP_HOST="localhost")
        client.post("/account/login/", {"email": user.email})
        for _again in range(2):
            client.post("/account/login/code/", {"action": "resend"})
    answer = Client(HTTP_HOST="localhost").post("/account/login/", {"email": user.email})
    assert answer.status_code == 429
    assert len(mailoutbox) == 6


@pytest.mark.django_db
def test_refusals_and_the_block_are_recorded_once(mailoutbox):
    user = UserFactory()
    for _time in range(25):
        with_password(user.email)
    kinds = list(SecurityEvent.objects.filter(account=user).values_list("kind", flat=True))
    assert kinds.count("sign_in_refused") == 20
    assert kinds.count("sign_in_blocked") == 1


@pytest.mark.django_db
def test_neither_counts_nor_events_name_an_address(mailoutbox):
    user = UserFactory()
    with_password(user.email)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t::text FROM accounts_attemptcount t"
            " UNION ALL SELECT e::text FROM accounts_securityevent e"
        )
        rows = " ".join(row for (row,) in cursor.fetchall())
    assert rows
    assert user.email not in rows
    assert "192.0.2.1" not in rows


@pytest.mark.django_db
def test_with_the_cache_down_people_sign_in_and_guessers_do_not(broken_cache, mailoutbox):
    user = UserFactory()
    client = Client(HTTP_HOST="localhost")
    assert client.get("/account/login/").status_code == 200
    client.post("/account/login/", {"email": user.email})
    code = CODE.search(mailoutbox[-1].body)[0]
    assert client.post("/account/login/code/", {"code": code}).status_code == 302
    assert client.get("/my/sign-in/").status_code == 200
    statuses = [with_password(user.email).status_code for _time in range(21)]
    assert statuses[-1] == 429


def test_what_cannot_be_counted_is_not_tried(own_database, django_db_blocker):
    """The table cannot be written: the right password is refused as well, with advice."""
    with django_db_blocker.unblock():
        user = UserFactory()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE accounts_attemptcount RENAME TO elsewhere")
        for path, data in (
            ("/account/login/password/", {"login": user.email, "password": PASSWORD}),
            ("/account/login/", {"email": user.email}),
            ("/account/login/recovery/", {"email": user.email, "code": "1" * 16}),
            ("/account/login/passkey/options/", {}),
        ):
            answer = Client(HTTP_HOST="localhost").post(path, data)
            assert answer.status_code == 503, path
            assert "数分たってから" in answer.content.decode()
            assert answer["Retry-After"]
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO accounts_attemptcount")
        assert with_password(user.email, PASSWORD).status_code == 302


def test_requests_at_once_are_each_counted(own_database, django_db_blocker):
    """Forty at the same moment, on connections of their own: twenty are let through."""
    let_through: list[bool] = []

    def attempt() -> None:
        try:
            spend("sign_in", address="a@example.jp", network="192.0.2.1")
            let_through.append(True)
        except TooManyAttempts:
            let_through.append(False)
        finally:
            connection.close()

    with django_db_blocker.unblock():
        threads = [threading.Thread(target=attempt) for _number in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(let_through) == 40
        assert sum(let_through) == 20
        assert AttemptCount.objects.count() == 3
