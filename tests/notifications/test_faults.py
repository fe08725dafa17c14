"""Several workers, and workers that are killed: each with connections of its own."""

import threading
import time

from django.core.mail import EmailMessage
from django.db import connection, transaction

from notifications import registry
from notifications.models import OutboxMessage
from notifications.operations import deliver_next, enqueue
from tests.forks import Forked


def deliver_and_linger(say):
    """Sends the mail as the product does, then stays in the middle: sent, not yet marked."""
    send = registry.handler_of("mail")

    def send_and_linger(payload):
        send(payload)
        say("sent")
        time.sleep(120)

    registry._handlers["mail"] = send_and_linger
    deliver_next()


def _in_thread(function, *args):
    def run():
        try:
            function(*args)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_two_deliverers_never_deliver_the_same_message(empty_database, handle):
    seen = []
    lock = threading.Lock()

    def deliver(payload):
        time.sleep(0.005)
        with lock:
            seen.append(payload["number"])

    handle("note", deliver)
    for number in range(60):
        enqueue("note", {"number": number})

    def work():
        while deliver_next():
            pass

    for thread in [_in_thread(work) for _ in range(4)]:
        thread.join()
    assert sorted(seen) == list(range(60))


def test_a_message_under_delivery_keeps_nobody_waiting(empty_database, handle):
    begun, go_on = threading.Event(), threading.Event()
    seen = []

    def deliver(payload):
        if payload["slow"]:
            begun.set()
            assert go_on.wait(30)
        seen.append(payload["slow"])

    handle("note", deliver)
    enqueue("note", {"slow": True})
    enqueue("note", {"slow": False})
    thread = _in_thread(deliver_next)
    assert begun.wait(30)
    assert deliver_next() is True
    assert seen == [False]
    go_on.set()
    thread.join()
    assert seen == [False, True]


def test_a_change_made_during_a_delivery_is_not_lost(empty_database, handle):
    """The handler has read the old state: the waiting row must not stand in for the new one."""
    begun, go_on = threading.Event(), threading.Event()
    seen = []

    def index(payload):
        seen.append(payload["state"])
        if payload["state"] == "old":
            begun.set()
            assert go_on.wait(30)

    handle("index", index)
    enqueue("index", {"state": "old"}, dedupe_key="page-1")
    thread = _in_thread(deliver_next)
    assert begun.wait(30)
    enqueue("index", {"state": "new"}, dedupe_key="page-1")
    go_on.set()
    thread.join()
    while deliver_next():
        pass
    assert seen == ["old", "new"]


def test_a_waiting_message_is_not_taken_before_the_later_change_is_committed(
    empty_database, handle
):
    seen = []
    handle("index", seen.append)
    enqueue("index", {}, dedupe_key="page-1")
    taken = []
    with transaction.atomic():
        enqueue("index", {}, dedupe_key="page-1")
        thread = _in_thread(lambda: taken.append(deliver_next()))
        thread.join()
        assert taken == [False]
    assert deliver_next() is True
    assert deliver_next() is False


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    empty_database, mail_server
):
    EmailMessage(subject="登録証", body="できました", to=["a@example.jp"]).send()
    worker = Forked(deliver_and_linger)
    assert worker.hear() == "sent"
    assert deliver_next() is False, "the living worker holds the message"
    worker.kill()

    deadline = time.monotonic() + 30
    while not deliver_next() and time.monotonic() < deadline:
        time.sleep(0.1)
    message = OutboxMessage.objects.get()
    assert message.delivered_at is not None
    assert deliver_next() is False
    # Two copies went out; they carry one id, so a mailbox shows one mail.
    assert len(mail_server.messages) == 2
    assert len({mail["Message-ID"] for mail in mail_server.messages}) == 1
