"""Urgent help: whoever agreed to news is told at once, by their own municipality, one time."""

from __future__ import annotations

import pytest
from django.db import connection

from activities.models import ActivityPage
from notifications import operations
from notifications.models import OutboxMessage
from notifications.operations import deliver_next
from privacy.enums import ConsentPurpose
from privacy.operations.consents import withdraw
from registration.operations import register, urgent
from tenants.context import municipality_context, public_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.activities.test_admin import form_of
from tests.conftest import HIDA, KESENNUMA, MIYAGI
from tests.factories.accounts import ResidentFactory
from tests.factories.activities import make_activity
from tests.factories.staff import staff_client
from tests.isolation.logins import RUN, logged_in_as


@pytest.fixture
def places(own_database):
    """Three municipalities in a database in which transactions commit."""
    connection.set_schema_to_public()
    return {code: Municipality.objects.get(pk=code) for code in (KESENNUMA, MIYAGI, HIDA)}


@pytest.fixture
def people(places):
    """Registered, by name: who agreed to news from the city, from the prefecture, to nothing."""
    made = {}
    for name, code, wants_mail in (
        ("city", KESENNUMA, True), ("quiet", KESENNUMA, False),
        ("prefecture", MIYAGI, True), ("elsewhere", HIDA, True), ("regretted", KESENNUMA, True),
    ):  # fmt: skip
        resident = ResidentFactory()
        register(resident, places[code], wants_mail=wants_mail)
        made[name] = resident
    end_mailing(made["regretted"])
    connection.set_schema_to_public()
    OutboxMessage.objects.all().delete()
    return made


def end_mailing(resident):
    with public_context():
        consent = resident.user.consents.get(purpose=ConsentPurpose.MAILING)
        assert withdraw(resident.user, consent.purpose, consent.municipality)


def deliver_all_but_mail():
    with logged_in_as(RUN):
        while deliver_next():
            pass


def mails():
    with public_context():
        return [one.payload for one in OutboxMessage.objects.filter(kind="mail")]


def hold_mails(monkeypatch):
    """Mails are written and stay in the outbox, to be read."""
    deliver = operations._deliver

    def all_but_mail(message):
        if message.kind == "mail":
            raise ConnectionError("no mail server in this test")
        deliver(message)

    monkeypatch.setattr(operations, "_deliver", all_but_mail)


def told():
    return sorted(mail["to"][0] for mail in mails())


def test_those_who_agreed_are_told_once_by_their_own_municipality(places, people, monkeypatch):
    hold_mails(monkeypatch)
    page = make_activity(places[KESENNUMA], title="泥出し", is_urgent=True)
    make_activity(places[KESENNUMA], title="ふだんの清掃")
    deliver_all_but_mail()
    assert told() == sorted(people[name].user.email for name in ("city", "prefecture"))
    by_address = {mail["to"][0]: mail for mail in mails()}
    mail = by_address[people["prefecture"].user.email]
    assert mail["subject"].startswith("【緊急】宮城県気仙沼市")
    assert "宮城県からのお知らせに同意" in mail["body"]
    assert f"http://kesennuma.localhost:8000/activities/{page.slug}/" in mail["body"]
    assert "気仙沼市からのお知らせに同意" in by_address[people["city"].user.email]["body"]
    with municipality_context(places[KESENNUMA]):
        ActivityPage.objects.get(pk=page.pk).save_revision().publish()
    deliver_all_but_mail()
    assert len(mails()) == 2


def test_a_consent_ended_in_between_is_respected(places, people, monkeypatch):
    hold_mails(monkeypatch)
    make_activity(places[KESENNUMA], is_urgent=True)
    end_mailing(people["city"])
    deliver_all_but_mail()
    assert told() == [people["prefecture"].user.email]


def test_many_are_written_to_part_by_part(places, people, monkeypatch):
    hold_mails(monkeypatch)
    monkeypatch.setattr(urgent, "AT_ONCE", 1)
    make_activity(places[KESENNUMA], is_urgent=True)
    deliver_all_but_mail()
    assert told() == sorted(people[name].user.email for name in ("city", "prefecture"))


def test_a_coordinator_calls_from_the_editor_under_the_run_time_login(places, people, monkeypatch):
    hold_mails(monkeypatch)
    page = make_activity(places[KESENNUMA], is_urgent=True, publish=False)
    client = staff_client(places[KESENNUMA], Role.COORDINATOR)
    deliver_all_but_mail()
    assert mails() == []
    with logged_in_as(RUN):
        data = form_of(is_urgent="on")
        answer = client.post(f"/admin/pages/{page.pk}/edit/", data)
    assert answer.status_code == 302, answer.content.decode()
    deliver_all_but_mail()
    assert len(mails()) == 2
