"""`kill -9` of the caretaker while it seals the ledger: nothing, and then all of it."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.db import connection

from attendance.models import ParticipationRecord, Seal, Unsealed
from attendance.operations.ledger import sealing
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.ledger.verify import verify_ledger
from tenants.actors import OWNER, acting
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.holdings import took_part
from tests.forks import Forked


def seal_and_linger(say: Callable[[str], None]) -> None:
    def linger(seed: bytes, text: str) -> bytes:
        say("in the middle")
        time.sleep(120)
        return b""

    sealing.sign = linger
    with acting(OWNER):
        seal_new_rows()


def test_a_sealer_killed_in_the_middle_loses_nothing(own_database: str) -> None:
    connection.set_schema_to_public()
    resident, kesennuma = ResidentFactory(), Municipality.objects.get(pk=KESENNUMA)
    rows = {took_part(resident, kesennuma).pk for _one in range(3)}
    caretaker = Forked(seal_and_linger)
    assert caretaker.hear() == "in the middle"
    rows.add(took_part(resident, kesennuma).pk)
    assert ParticipationRecord.objects.count() == 4, "nobody who writes waits for a sealer"
    caretaker.kill()
    deadline = time.monotonic() + 30
    while not seal_new_rows() and time.monotonic() < deadline:
        time.sleep(0.2)
    (seal,) = Seal.objects.all()
    assert {n for a, b in seal.words.rows["record"] for n in range(a, b + 1)} == rows
    assert not Unsealed.objects.exists()
    assert verify_ledger().findings == ()
