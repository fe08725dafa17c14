"""The outbox: written with the decision, delivered at least once, later after a failure."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction

from common import clock
from notifications import tasks
from notifications.models import OutboxMessage
from notifications.operations import deliver_next, enqueue
from notifications.registry import handler
from tests.brokers import no_broker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_outbox")]


def test_a_message_exists_only_if_its_transaction_is_committed():
    try:
        with transaction.atomic():
            enqueue("note", {})
            raise ValueError
    except ValueError:
        pass
    assert not OutboxMessage.objects.exists()


def test_a_message_is_delivered_once_and_its_content_forgotten(handle):
    seen = []
    handle("note", seen.append)
    enqueue("note", {"to": "佐藤 花子"})
    assert deliver_next() is True
    assert deliver_next() is False
    assert seen == [{"to": "佐藤 花子"}]
    message = OutboxMessage.objects.get()
    assert message.delivered_at is not None
    assert message.payload == {}


def test_messages_are_delivered_in_the_order_they_fell_due(handle):
    seen = []
    handle("note", seen.append)
    for number in range(3):
        enqueue("note", {"number": number})
    assert tasks.deliver() == 3
    assert [payload["number"] for payload in seen] == [0, 1, 2]


def test_a_failure_is_kept_and_tried_again_later_each_time(handle):
    def fail(payload):
        raise ConnectionError("郵便局が閉まっています")

    handle("note", fail)
    with time_machine.travel("2026-11-23T00:00:00Z", tick=False) as traveller:
        enqueue("note", {"a": 1})
        waits = []
        for attempt in range(1, 20):
            assert deliver_next() is True
            assert deliver_next() is False, "not again at once"
            message = OutboxMessage.objects.get()
            assert message.attempts == attempt
            assert message.payload == {"a": 1}
            assert "郵便局" in message.last_error
            waits.append(message.due_at - clock.now())
            traveller.move_to(message.due_at)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=10)
    assert waits[-1] == timedelta(seconds=5 * 2**12)
    assert waits[-1] <= timedelta(hours=6)


def test_whom_a_failure_is_about_stands_in_no_log(handle, caplog):
    """Mail servers quote the address that they refuse."""

    said = "550 no such mailbox: hanako@example.jp"

    def refuse(payload):
        raise ConnectionError(said)

    handle("note", refuse)
    enqueue("note", {})
    deliver_next()
    assert "ConnectionError" in caplog.text
    assert "in refuse" in caplog.text, "where it failed"
    assert "hanako" not in caplog.text
    assert "hanako" in OutboxMessage.objects.get().last_error


def test_what_a_failing_handler_wrote_is_undone(handle, kesennuma):
    def write_and_fail(payload):
        kesennuma.is_demonstration = True
        kesennuma.save()
        raise ValueError

    handle("note", write_and_fail)
    enqueue("note", {})
    deliver_next()
    kesennuma.refresh_from_db()
    assert kesennuma.is_demonstration is False


def test_one_failing_message_does_not_stop_the_others(handle):
    seen = []

    def deliver(payload):
        if payload["bad"]:
            raise ValueError
        seen.append(payload)

    handle("note", deliver)
    enqueue("note", {"bad": True})
    enqueue("note", {"bad": False})
    assert tasks.deliver() == 2
    assert len(seen) == 1


def test_a_kind_nobody_delivers_waits_for_who_does(handle):
    enqueue("tomorrow", {})
    deliver_next()
    message = OutboxMessage.objects.get()
    assert message.delivered_at is None
    assert "KeyError" in message.last_error
    seen = []
    handle("tomorrow", seen.append)
    OutboxMessage.objects.update(due_at=clock.now())
    deliver_next()
    assert len(seen) == 1


def test_a_municipalitys_message_is_delivered_in_its_schema(handle, kesennuma, hida):
    seen = []
    handle("note", lambda payload: seen.append((connection.schema_name, payload["at"])))
    for municipality in (kesennuma, hida):
        enqueue("note", {"at": municipality.code}, municipality_code=municipality.code)
    enqueue("note", {"at": "everywhere"})
    tasks.deliver()
    assert seen == [
        (kesennuma.schema_name, kesennuma.code),
        (hida.schema_name, hida.code),
        ("public", "everywhere"),
    ]
    assert connection.schema_name == "public"


def test_the_schema_is_the_callers_again_after_a_failure(handle, kesennuma):
    def fail(payload):
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    handle("note", fail)
    enqueue("note", {}, municipality_code=kesennuma.code)
    deliver_next()
    with connection.cursor() as cursor:
        cursor.execute("SHOW search_path")
        assert cursor.fetchone() == ('"public"',)


def test_a_waiting_message_with_the_same_key_is_enough(handle):
    seen = []
    handle("index", seen.append)
    handle("other", seen.append)
    for _ in range(3):
        enqueue("index", {"page": 1}, dedupe_key="page-1")
    enqueue("index", {"page": 2}, dedupe_key="page-2")
    enqueue("other", {"page": 1}, dedupe_key="page-1")
    assert tasks.deliver() == 3
    enqueue("index", {"page": 1}, dedupe_key="page-1")
    assert tasks.deliver() == 1, "a delivered message must not stand in for a new one"


def test_without_a_key_every_message_counts(handle):
    seen = []
    handle("note", seen.append)
    for _ in range(2):
        enqueue("note", {})
    assert tasks.deliver() == 2


def test_delivering_with_nothing_due_takes_one_query(django_assert_num_queries):
    deliver_next()
    with django_assert_num_queries(3):  # savepoint, the message, release
        assert deliver_next() is False


def test_two_handlers_for_one_kind_are_a_mistake(handle):
    handle("note", print)
    with pytest.raises(ValueError, match="note"):
        handler("note")(print)


def test_a_broker_that_is_down_harms_nothing(handle, django_capture_on_commit_callbacks):
    seen = []
    handle("note", seen.append)
    with no_broker(), django_capture_on_commit_callbacks(execute=True) as callbacks:
        enqueue("note", {})
    assert len(callbacks) == 1
    assert tasks.deliver() == 1, "the clock finds it"
