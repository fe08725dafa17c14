"""Seals: what they cover, that anybody can recompute them, and that nothing is lost."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest
from django.db import connection, transaction

from attendance.models import Amendment, ParticipationRecord, Seal, Unsealed
from attendance.operations.ledger.amend import correct
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.ledger.verify import verify_ledger
from attendance.queries import seal_keys
from attendance.rules.sealing import COLUMNS, digest_sql, is_signed
from attendance.tasks import seal
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.holdings import took_part
from tests.registration.test_register_at_once import at_once


@pytest.fixture
def resident(own_database):
    connection.set_schema_to_public()
    return ResidentFactory()


@pytest.fixture
def kesennuma(own_database):
    connection.set_schema_to_public()
    return Municipality.objects.get(pk=KESENNUMA)


def sealed_ids() -> list[int]:
    return [
        number
        for seal in Seal.objects.all()
        for first, last in seal.words.rows["record"]
        for number in range(first, last + 1)
    ]


def written(row) -> bytes:
    """The text of a row, said here once more as an auditor would: columns and JSON."""
    table = "record" if isinstance(row, ParticipationRecord) else "amendment"
    values: list[object] = [table]
    for name, _form in COLUMNS[1][table]:
        value = getattr(row, name)
        if name in {"starts_at", "ends_at", "recorded_at", "at"}:
            value = value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        elif name in {"resident_id", "session_uuid", "session_date"} or name == "hours":
            value = None if value is None else str(value)
        values.append(value)
    return json.dumps(values, ensure_ascii=False).encode()


def test_anybody_can_recompute_a_seal(resident, kesennuma) -> None:
    """From the rows and the published description, without our SQL."""
    title = '浜の"清掃"\\ \n\t😀 \x01'
    took_part(resident, kesennuma, activity_title=title)
    correct(took_part(resident, kesennuma), 3, None, "終了が遅れた")
    assert seal_new_rows() == 1
    made = Seal.objects.get()
    rows = [*ParticipationRecord.objects.order_by("pk"), *Amendment.objects.order_by("pk")]
    digests = b"".join(hashlib.sha256(written(row)).digest() for row in rows)
    words = made.words
    assert hashlib.sha256(digests).hexdigest() == words.content == bytes(made.content).hex()
    assert hashlib.sha256(words.text.encode()).digest() == bytes(made.digest)
    assert is_signed(seal_keys()[made.kid], bytes(made.signature), words.text)
    assert not is_signed(seal_keys()[made.kid], bytes(made.signature), words.text + " ")


def test_a_session_s_settings_change_no_digest(resident, kesennuma) -> None:
    took_part(resident, kesennuma)
    query = f"SELECT {digest_sql(1, 'record')} FROM attendance_participationrecord r"
    with connection.cursor() as cursor:
        found = set()
        for zone, style in (("UTC", "ISO, YMD"), ("Asia/Tokyo", "German"), ("UTC", "SQL, MDY")):
            cursor.execute(f"SET timezone = '{zone}'; SET datestyle = '{style}'")
            cursor.execute(query)
            found.add(bytes(cursor.fetchone()[0]))
    assert len(found) == 1


def test_every_column_of_the_ledger_is_sealed() -> None:
    """A column that comes later needs a version of its own."""
    for table, model in (("record", ParticipationRecord), ("amendment", Amendment)):
        columns = {field.attname for field in model._meta.concrete_fields}
        assert columns == {name for name, _form in COLUMNS[max(COLUMNS)][table]}


def test_each_row_is_under_one_seal_and_seals_follow_one_another(resident, kesennuma) -> None:
    rows = [took_part(resident, kesennuma).pk for _one in range(5)]
    assert seal() == 1
    assert seal() == 0, "nothing new"
    rows += [took_part(resident, kesennuma).pk for _one in range(4)]
    assert seal_new_rows(most=3) == 2
    assert sealed_ids() == rows
    first, second, third = Seal.objects.all()
    assert (first.number, second.number, third.number) == (1, 2, 3)
    assert bytes(second.previous) == bytes(first.digest)
    assert not Unsealed.objects.exists()


def test_a_row_that_becomes_visible_late_is_sealed_though_its_number_is_low(
    resident, kesennuma
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                took_part(resident, kesennuma)
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    took_part(resident, kesennuma)
    assert seal_new_rows() == 1, "it waits for nobody"
    go_on.set()
    thread.join()
    assert verify_ledger().findings == ()
    assert seal_new_rows() == 1
    late, early = sealed_ids()[1], sealed_ids()[0]
    assert late < early
    assert verify_ledger().findings == ()


def test_sealing_at_once_seals_each_row_once(resident, kesennuma) -> None:
    rows = [took_part(resident, kesennuma).pk for _one in range(20)]
    made = at_once(*[lambda: seal_new_rows(most=3)] * 4)
    assert sum(made) == 7, made
    assert sorted(sealed_ids()) == rows
    assert verify_ledger().findings == ()


def test_a_new_key_signs_and_the_old_one_s_seals_hold(resident, kesennuma, settings) -> None:
    took_part(resident, kesennuma)
    seal_new_rows()
    old = seal_keys()
    settings.LEDGER_SEAL_KEYS = [(2, b"2" * 32)]
    settings.LEDGER_SEAL_PUBLIC_KEYS = old
    took_part(resident, kesennuma)
    seal_new_rows()
    assert list(Seal.objects.values_list("kid", flat=True)) == [1, 2]
    assert verify_ledger().findings == ()
    settings.LEDGER_SEAL_PUBLIC_KEYS = {}
    assert verify_ledger().findings == ("Seal 1 is signed with key 1, which is not known.",)


def test_a_row_restored_under_its_number_needs_no_second_seal(resident, kesennuma) -> None:
    """As an archive puts it back."""
    row = took_part(resident, kesennuma)
    seal_new_rows()
    Unsealed.objects.create(table="record", row=row.pk)
    assert seal_new_rows() == 0
    assert not Unsealed.objects.exists()
    assert verify_ledger().findings == ()
