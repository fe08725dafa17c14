"""`kill -9` of the caretaker in the middle of an erasure: nothing, and then all of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from accounts.models import Resident
from accounts.models.residents import EMPTY_PROFILE
from common.holdings import Holding, Person
from privacy.models import AccountClosing
from privacy.operations import erasing
from privacy.operations.closing import close_account
from privacy.operations.erasing import erase_next
from privacy.queries import holdings
from tenants.actors import OWNER, acting
from tenants.models import Municipality
from tests.conftest import HIDA, KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.registration import register_resident
from tests.forks import Forked


def erase_and_linger(say: Callable[[str], None]) -> None:
    def linger(person: Person) -> None:
        say("in the middle")
        time.sleep(120)

    last = Holding("last", "", "", lambda person: [], (), erase=linger)
    usual = holdings()
    erasing.holdings = lambda: [*usual, last]
    with acting(OWNER):
        erase_next()


def profile(resident: Resident) -> dict[str, Any]:
    stored = Resident.objects.get(pk=resident.pk)
    return {name: getattr(stored, name) for name in EMPTY_PROFILE}


def test_an_erasure_killed_in_the_middle_is_done_whole_by_the_next(own_database: str) -> None:
    connection.set_schema_to_public()
    resident: Resident = ResidentFactory()
    for code in (KESENNUMA, HIDA):
        register_resident(resident, Municipality.objects.get(pk=code))
    close_account(resident)
    before = profile(resident)
    caretaker = Forked(erase_and_linger)
    assert caretaker.hear() == "in the middle"
    with acting(OWNER):
        assert erase_next() is None, "the living caretaker holds it"
        caretaker.kill()
        assert profile(resident) == before
        assert AccountClosing.objects.get().erased_at is None
        deadline = time.monotonic() + 30
        while not (done := erase_next()) and time.monotonic() < deadline:
            time.sleep(0.2)
    assert done
    assert done.erased_at
    assert profile(resident) == EMPTY_PROFILE
