"""An archive holds people who have closed their account since: they are forgotten again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from accounts.models import Resident
from common.holdings import Holding, Person
from privacy.models import AccountClosing
from privacy.operations import erasing
from privacy.operations.closing import close_account
from privacy.queries import holdings
from privacy.tasks import erase_closed
from registration.models import Registration
from surveys.enums import QuestionKind, Survey
from surveys.models import Answer
from surveys.operations import GivenAnswer, keep_answers
from tenants.actors import OWNER, acting
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.operations.archive.export import export_municipality
from tenants.operations.archive.restore import restore_municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import register_resident


def here() -> Municipality:
    connection.set_schema_to_public()
    ContentType.objects.clear_cache()
    return Municipality.objects.get(pk=KESENNUMA)


def written_by(resident: Resident) -> int:
    with municipality_context(here()):
        return Answer.objects.filter(resident_id=resident.pk).count()


def forget_answers(person: Person) -> None:
    Answer.objects.filter(resident_id__in=person.residents).delete()


def test_who_closed_the_account_after_the_archive_is_forgotten_again(
    own_database: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    answers = Holding(
        "answers", "", "", lambda person: [], (), erase=forget_answers, municipal=True
    )
    usual = holdings()
    monkeypatch.setattr(erasing, "holdings", lambda: [*usual, answers])
    resident, stays = ResidentFactory(), ResidentFactory()
    for one in (resident, stays):
        register_resident(one, here())
        with municipality_context(here()):
            given = GivenAnswer(QuestionKind.LONG_TEXT, "ひとこと", "祖母の家がありました")
            keep_answers(one.pk, Survey.REGISTRATION, [given])
    connection.set_schema_to_public()
    export_municipality(KESENNUMA, tmp_path / "archive")
    with acting(OWNER):
        close_account(resident)
        assert erase_closed() == 1
    assert (written_by(resident), written_by(stays)) == (0, 1)

    restore_municipality(tmp_path / "archive", replace=True)
    assert (written_by(resident), written_by(stays)) == (1, 1)
    connection.set_schema_to_public()
    came_back = Registration.objects.filter(resident=resident, municipality=KESENNUMA)
    assert came_back.get().status == "active"
    assert AccountClosing.objects.get().erased_at is None, "the caretaker is at it within a minute"

    with acting(OWNER):
        assert erase_closed() == 1
    assert (written_by(resident), written_by(stays)) == (0, 1)
    connection.set_schema_to_public()
    assert came_back.get().status == "ended"
    assert Registration.objects.filter(resident=stays, status="active").count() == 2
    assert AccountClosing.objects.get().erased_at
