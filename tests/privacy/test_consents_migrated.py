"""What was agreed to before consents were kept by purpose is not lost, forwards and back."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from common import clock
from privacy.models import Consent
from tenants.models import Municipality, Terms
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.counter import make_entry
from tests.factories.privacy import new_version
from tests.factories.staff import make_member

BEFORE, AFTER = "0005_counter_and_imports", "0006_consents_in_privacy"


def migrate_accounts(to: str) -> None:
    connection.set_schema_to_public()
    executor = MigrationExecutor(connection)
    executor.migrate([("accounts", to)])


def acceptances() -> set[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, terms_id FROM accounts_termsacceptance")
        return set(cursor.fetchall())


def test_acceptances_become_consents_and_back(own_database: str) -> None:
    connection.set_schema_to_public()
    kesennuma = Municipality.objects.get(pk=KESENNUMA)
    resident, newcomer = ResidentFactory(), ResidentFactory(agrees=False)
    officer = make_member(kesennuma, "registration_officer")
    entry = make_entry(kesennuma, officer)
    connection.set_schema_to_public()
    before = set(Consent.objects.values_list("pk", flat=True))
    migrate_accounts(BEFORE)
    texts = {text.kind: text.pk for text in Terms.objects.filter(version="1.0")}
    assert {(resident.user_id, texts["resident"]), (resident.user_id, texts["privacy"])} <= (
        acceptances()
    )
    assert Consent.objects.count() == len(before), "evidence stays"

    newer, now = new_version("privacy", day=date(2026, 5, 1)), clock.now()
    with connection.cursor() as cursor:
        for terms, days in ((texts["resident"], 9), (texts["privacy"], 9), (newer.pk, 2)):
            cursor.execute(
                "INSERT INTO accounts_termsacceptance (user_id, terms_id, accepted_at)"
                " VALUES (%s, %s, %s)",
                [newcomer.user_id, terms, now - timedelta(days=days)],
            )
    migrate_accounts(AFTER)
    assert {
        (row.purpose, row.text_id, row.given_at, row.ended_at, row.end_reason)
        for row in Consent.objects.of(newcomer.user_id)
    } == {
        ("terms", texts["resident"], now - timedelta(days=9), None, ""),
        (
            "privacy_notice",
            texts["privacy"],
            now - timedelta(days=9),
            now - timedelta(days=2),
            "new_version",
        ),
        ("privacy_notice", newer.pk, now - timedelta(days=2), None, ""),
    }
    assert Consent.objects.count() == len(before) + 3, "nobody's twice"
    on_paper = Consent.objects.of(entry.resident.user_id)
    assert {row.on_paper_by_id for row in on_paper} == {officer.pk}


def test_at_the_counter_it_was_on_paper(own_database: str) -> None:
    connection.set_schema_to_public()
    kesennuma = Municipality.objects.get(pk=KESENNUMA)
    officer = make_member(kesennuma, "registration_officer")
    entry = make_entry(kesennuma, officer)
    resident = ResidentFactory()
    connection.set_schema_to_public()
    migrate_accounts(BEFORE)
    with connection.cursor() as cursor:  # as if consents had never been kept
        cursor.execute("ALTER TABLE privacy_consent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM privacy_consent")
        cursor.execute("ALTER TABLE privacy_consent ENABLE TRIGGER USER")
    migrate_accounts(AFTER)
    for account, taker in ((entry.resident.user_id, officer.pk), (resident.user_id, None)):
        rows = Consent.objects.of(account)
        assert {row.key for row in rows} == {("terms", ""), ("privacy_notice", "")}
        assert {row.on_paper_by_id for row in rows} == {taker}
