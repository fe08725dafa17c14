"""Mail goes through the outbox to a real mail server."""

from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMessage

from accounts.models import Resident
from common import clock
from common.holdings import Person
from notifications import tasks
from notifications.holdings import HOLDINGS
from notifications.models import OutboxMessage
from notifications.operations import withdraw
from tests.factories.accounts import ResidentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_outbox")]


def _mail(**fields):
    return EmailMessage(
        **{"subject": "𠮷田 髙﨑 様", "body": "登録しました。\n", "to": ["a@example.jp"], **fields}
    )


def test_a_mail_waits_in_the_outbox_until_a_worker_sends_it(mail_server):
    assert _mail().send() == 1
    assert mail_server.messages == []
    assert tasks.deliver() == 1
    (mail,) = mail_server.messages
    assert mail["Subject"] == "𠮷田 髙﨑 様"
    assert mail["To"] == "a@example.jp"
    assert mail.get_content().splitlines() == ["登録しました。"]
    assert mail["From"]


def test_copies_and_reply_addresses_arrive(mail_server):
    _mail(cc=["c@example.jp"], bcc=["b@example.jp"], reply_to=["r@example.jp"]).send()
    tasks.deliver()
    (mail,) = mail_server.messages
    assert (mail["Cc"], mail["Reply-To"], mail["Bcc"]) == ("c@example.jp", "r@example.jp", None)


def test_a_mail_sent_again_keeps_its_id(mail_server):
    _mail().send()
    _mail().send()
    waiting = list(OutboxMessage.objects.values_list("pk", "payload"))
    tasks.deliver()
    for pk, payload in waiting:  # as after a crash between sending and marking
        OutboxMessage.objects.filter(pk=pk).update(delivered_at=None, payload=payload)
    tasks.deliver()
    ids = [mail["Message-ID"] for mail in mail_server.messages]
    assert len(ids) == 4
    assert len(set(ids)) == 2


def test_an_id_given_by_the_sender_is_kept(mail_server):
    _mail(headers={"Message-ID": "<mine@example.jp>"}).send()
    tasks.deliver()
    assert mail_server.messages[0]["Message-ID"] == "<mine@example.jp>"


def test_a_mail_server_that_refuses_gets_the_mail_later(mail_server):
    mail_server.is_down = True
    _mail().send()
    tasks.deliver()
    message = OutboxMessage.objects.get()
    assert message.delivered_at is None
    assert "451" in message.last_error
    mail_server.is_down = False
    OutboxMessage.objects.update(due_at=message.created_at)
    tasks.deliver()
    assert len(mail_server.messages) == 1


def test_a_file_is_refused_where_it_is_attached(mail_server):
    mail = _mail()
    mail.attach("card.pdf", b"%PDF", "application/pdf")
    with pytest.raises(NotImplementedError):
        mail.send()
    assert not OutboxMessage.objects.exists()


def test_a_line_break_in_a_title_becomes_no_header_and_holds_no_mail_up(mail_server):
    _mail(subject="件名\nBcc: victim@example.jp").send()
    tasks.deliver()
    (mail,) = mail_server.messages
    assert (mail["Subject"], mail["Bcc"]) == ("件名 Bcc: victim@example.jp", None)


def test_what_waits_for_whoever_leaves_is_withdrawn_and_the_last_word_is_sent(mail_server):
    _mail(to=["leaver@example.jp"]).send()
    _mail(to=["other@example.jp"]).send()
    withdraw(["leaver@example.jp"])
    _mail(to=["leaver@example.jp"], subject="さようなら").send()
    assert OutboxMessage.objects.filter(payload={}).count() == 1
    tasks.deliver()
    assert [mail["To"] for mail in mail_server.messages] == [
        "other@example.jp",
        "leaver@example.jp",
    ]
    assert mail_server.messages[1]["Subject"] == "さようなら"


def test_the_last_word_is_what_is_written_from_the_closing_on(empty_outbox):
    resident = ResidentFactory()
    (holding,) = HOLDINGS
    assert holding.erase
    person = Person((resident.user_id,), (resident.pk,), (resident.user.email,))
    _mail(to=[resident.user.email]).send()
    Resident.objects.filter(pk=resident.pk).update(closed_at=clock.now())
    _mail(to=[resident.user.email], subject="さようなら").send()
    holding.erase(person)
    waiting = OutboxMessage.objects.filter(delivered_at=None)
    assert [mail.payload["subject"] for mail in waiting] == ["さようなら"]


def test_a_mail_that_nobody_takes_is_forgotten_in_the_end(mail_server):
    """The last word to somebody whose mailbox is gone, too."""
    mail_server.is_down = True
    _mail(to=["yame@example.jp"]).send()
    began = clock.now()
    for days, is_waiting in ((4, True), (5, False), (6, False)):
        with time_machine.travel(began + timedelta(days=days, minutes=1)):
            tasks.deliver()
        message = OutboxMessage.objects.get()
        assert (message.delivered_at is None) is is_waiting
        assert ("yame@example.jp" in str(message.payload)) is is_waiting
    assert message.last_error == "SMTPDataError", "its kind, and nobody's address"
