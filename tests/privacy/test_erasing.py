"""Erasing what is held of whoever closed the account: whole, once, and again after a copy."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Resident
from accounts.models.residents import EMPTY_PROFILE
from accounts.operations.merge import merge
from common import clock
from common.holdings import Holding, Person
from privacy import tasks
from privacy.models import AccountClosing
from privacy.operations import erasing
from privacy.operations.closing import close_account
from privacy.operations.erasing import erase_all_again, erase_next
from privacy.queries import holdings
from registration.models import Registration
from tenants.actors import OWNER, acting
from tenants.context import current_municipality
from tenants.models import Municipality
from tenants.postgresql.connection import connection
from tenants.signals import municipality_restored
from tests.factories.accounts import PEOPLE, ResidentFactory
from tests.factories.registration import register_resident

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _caretaker() -> Any:
    with acting(OWNER):
        yield


@pytest.fixture
def resident(kesennuma: Municipality, hida: Municipality) -> Resident:
    made: Resident = ResidentFactory(person=PEOPLE[0])
    for place in (kesennuma, hida):
        register_resident(made, place)
    return made


def profile(resident: Resident) -> dict[str, Any]:
    stored = Resident.objects.get(pk=resident.pk)
    return {name: getattr(stored, name) for name in EMPTY_PROFILE}


def a_holding(erase: Any, table: str = "x", **fields: Any) -> Holding:
    return Holding(
        table=table, title="", why="", rows=lambda person: [], fields=(), erase=erase, **fields
    )


def test_the_profile_is_empty_afterwards_and_the_row_a_pseudonym(resident: Resident) -> None:
    closing = close_account(resident)
    assert profile(resident) != EMPTY_PROFILE
    assert erase_next() == closing
    assert profile(resident) == EMPTY_PROFILE
    closing.refresh_from_db()
    assert closing.erased_at
    assert erase_next() is None, "done"


def test_nobody_else_is_touched(resident: Resident) -> None:
    other: Resident = ResidentFactory()
    before = profile(other)
    close_account(resident)
    assert tasks.erase_closed() == 1
    assert profile(other) == before


def test_every_holding_once_everywhere_they_have_been(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, str]] = []

    def erase_in(table: str) -> Any:
        def erase(person: Person) -> None:
            assert person.resident == resident.pk
            seen.append((table, connection.schema_name))
            if table == "answers":
                assert current_municipality().schema_name == connection.schema_name

        return erase

    made = [
        a_holding(erase_in("shared"), "shared"),
        a_holding(None, "kept", kept="the ledger"),
        a_holding(erase_in("answers"), "answers", municipal=True),
    ]
    monkeypatch.setattr(erasing, "holdings", lambda: made)
    close_account(resident)
    erase_next()
    assert seen == [
        ("answers", "m040002"), ("answers", "m042056"), ("answers", "m210005"),
        ("answers", "m212172"), ("shared", "public"),
    ]  # fmt: skip


def test_both_accounts_of_one_person_are_erased(
    resident: Resident, kesennuma: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    second: Resident = ResidentFactory(person=PEOPLE[0])
    register_resident(second, kesennuma)
    merge(resident, second)
    people: list[Person] = []
    monkeypatch.setattr(erasing, "holdings", lambda: [a_holding(people.append)])
    close_account(resident)
    erase_next()
    (person,) = people
    assert person.residents == (resident.pk, second.pk)
    assert person.accounts == (resident.user_id, second.user_id)


def test_one_that_fails_is_erased_whole_or_not_at_all_and_keeps_nobody_waiting(
    resident: Resident, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(person: Person) -> None:
        if person.resident == resident.pk:
            raise ValueError(name)

    usual, name = holdings(), resident.name
    monkeypatch.setattr(erasing, "holdings", lambda: [*usual, a_holding(fail)])
    closing, before = close_account(resident), profile(resident)
    later: Resident = ResidentFactory()
    close_account(later)
    assert tasks.erase_closed() == 2
    assert profile(resident) == before, "nothing of it"
    assert profile(later) == EMPTY_PROFILE
    closing.refresh_from_db()
    assert (closing.attempts, closing.error, closing.erased_at) == (1, "ValueError", None)
    assert name not in caplog.text, "whom it is of stands in no log"
    assert tasks.erase_closed() == 0, "not before its time"
    monkeypatch.setattr(erasing, "holdings", lambda: usual)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert tasks.erase_closed() == 1
    closing.refresh_from_db()
    assert (closing.attempts, closing.error, closing.retry_at) == (0, "", None)
    assert profile(resident) == EMPTY_PROFILE


def test_who_fails_again_and_again_comes_last(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_account(resident)
    AccountClosing.objects.update(attempts=3)
    later: Resident = ResidentFactory()
    close_account(later)
    done = [erase_next(), erase_next()]
    assert [closing.resident_id for closing in done if closing] == [later.pk, resident.pk]


def test_the_day_backups_forget_is_counted_from_the_erasure(resident: Resident) -> None:
    closing = close_account(resident)
    assert closing.backups_until == clock.today() + timedelta(days=35)
    with time_machine.travel(clock.now() + timedelta(days=5)):
        erase_next()
    closing.refresh_from_db()
    assert closing.backups_until == clock.today() + timedelta(days=40)


def come_back(resident: Resident) -> None:
    """As from a copy made before the closing."""
    Resident.objects.filter(pk=resident.pk).update(family_name="佐藤")
    Registration.objects.filter(resident=resident).update(status="active", ended_at=None)


def test_what_an_archive_brought_back_ends_and_is_erased_again(
    resident: Resident, kesennuma: Municipality
) -> None:
    closing = close_account(resident)
    erase_next()
    come_back(resident)
    municipality_restored.send(sender=Municipality, municipality=kesennuma)
    assert erase_next() == closing
    assert profile(resident) == EMPTY_PROFILE
    assert not Registration.objects.filter(status="active").exists()


def test_the_clock_s_task_is_the_caretaker_s(settings: Any) -> None:
    assert tasks.erase_closed.acts_as == OWNER
    task = settings.CELERY_BEAT_SCHEDULE["erase-closed"]["task"]
    assert settings.CELERY_TASK_ROUTES[task] == {"queue": "caretaker"}
    assert tasks.end_exports.name not in settings.CELERY_TASK_ROUTES


def test_erasing_all_again_changes_nothing_that_is_erased(resident: Resident) -> None:
    close_account(resident)
    erase_next()
    before = list(Registration.objects.order_by("pk").values())
    assert erase_all_again() == 1
    assert tasks.erase_closed() == 1
    assert list(Registration.objects.order_by("pk").values()) == before
    assert erase_all_again() == 1


# After a backup


def test_a_backup_that_knows_nothing_of_the_closing(
    resident: Resident, tmp_path: Path, mailoutbox: Any
) -> None:
    written = io.StringIO()
    file = tmp_path / "closed"
    with transaction.atomic():
        before = transaction.savepoint()
        close_account(resident)
        erase_next()
        call_command("erase_again", "--list", stdout=written)
        transaction.savepoint_rollback(before)
    connection.forget_what_is_set()
    assert profile(resident) != EMPTY_PROFILE
    file.write_text(f"{written.getvalue()}{uuid4()} 2026-01-01T00:00:00Z\n\n")
    mails = len(mailoutbox)
    for closed in (1, 0):
        said = io.StringIO()
        call_command("erase_again", str(file), stdout=said)
        assert said.getvalue() == f"{closed} accounts closed again, 1 erased.\n"
    assert profile(resident) == EMPTY_PROFILE
    assert AccountClosing.objects.get().resident_id == resident.pk
    assert len(mailoutbox) == mails, "they were told when they closed it"


def test_a_list_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "closed"
    file.write_text("佐藤 花子\n")
    with pytest.raises(CommandError, match="not a list"):
        call_command("erase_again", str(file))


def test_what_fails_is_said(resident: Resident, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(person: Person) -> None:
        raise ValueError

    close_account(resident)
    monkeypatch.setattr(erasing, "holdings", lambda: [a_holding(fail)])
    with pytest.raises(CommandError, match="1 could not be erased"):
        call_command("erase_again", stdout=io.StringIO())
