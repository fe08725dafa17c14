"""Case 26: the ledger cannot be changed, and whoever changes it behind its back is found out."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import Resident
from attendance.models import Amendment, ParticipationRecord, Seal, Unsealed
from attendance.operations.ledger.amend import restore, void
from attendance.operations.ledger.sealing import seal_new_rows
from attendance.operations.ledger.verify import verify_ledger
from attendance.queries import published_seals
from tenants.models import Municipality
from tests.conftest import KESENNUMA
from tests.factories.accounts import ResidentFactory
from tests.factories.holdings import took_part
from tests.factories.ledger import as_superuser

RECORDS, AMENDMENTS = "attendance_participationrecord", "attendance_amendment"


@pytest.fixture
def ledger(own_database: str) -> list[ParticipationRecord]:
    """Seven participations, the second voided; all sealed, in three seals."""
    connection.set_schema_to_public()
    kesennuma = Municipality.objects.get(pk=KESENNUMA)
    resident: Resident = ResidentFactory()
    ResidentFactory()  # somebody a row could be given to
    rows = [took_part(resident, kesennuma) for _one in range(7)]
    void(rows[1], None, "別の人の記録でした")
    assert seal_new_rows(most=3) == 3
    assert verify_ledger().findings == ()
    return rows


@pytest.mark.parametrize("table", [RECORDS, AMENDMENTS, "attendance_seal"])
@pytest.mark.parametrize(
    "statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"]
)
def test_no_statement_changes_a_row(ledger, table: str, statement: str) -> None:
    key = "number" if table == "attendance_seal" else "id"
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table, key))


def findings(**given) -> list[str]:
    return list(verify_ledger(**given).findings)


@pytest.mark.parametrize(
    "change",
    ["hours = 99", "designated = NOT designated", "recorded_at = recorded_at + '1 us'",
     "resident_id = (SELECT id FROM accounts_resident r WHERE r.id <> resident_id LIMIT 1)",
     "remark = 'x'", "session_date = session_date - 1"],
)  # fmt: skip
def test_a_row_that_a_superuser_edits_is_named(ledger, change: str) -> None:
    with as_superuser() as cursor:
        cursor.execute(f"UPDATE {RECORDS} SET {change} WHERE id = %s", [ledger[2].pk])
    assert findings() == [f"{RECORDS} {ledger[2].pk} was changed after seal 1."]


def test_so_is_an_amendment(ledger) -> None:
    amendment = Amendment.objects.get()
    with as_superuser() as cursor:
        cursor.execute(f"UPDATE {AMENDMENTS} SET reason = '?'")
    assert findings() == [f"{AMENDMENTS} {amendment.pk} was changed after seal 3."]


def test_that_a_participation_was_restored_is_sealed_too(ledger) -> None:
    restore(ledger[1], None, "本人の記録でした")
    assert seal_new_rows() == 1
    newest = Amendment.objects.get(kind="restore")
    with as_superuser() as cursor:
        cursor.execute(
            f"UPDATE {AMENDMENTS} SET kind = 'void', hours = NULL WHERE id = %s", [newest.pk]
        )
    assert findings() == [f"{AMENDMENTS} {newest.pk} was changed after seal 4."]
    with as_superuser() as cursor:
        cursor.execute(f"DELETE FROM {AMENDMENTS} WHERE id = %s", [newest.pk])
    assert findings() == [f"{AMENDMENTS} {newest.pk} is gone; seal 4 has it."]


@pytest.mark.parametrize("is_same", [True, False])
def test_a_row_put_back_under_its_number_is_as_it_was_sealed_or_is_named(
    ledger, is_same: bool
) -> None:
    """As a restored archive does it: the seal says what the row is, not since when it is there."""
    row = ParticipationRecord.objects.get(pk=ledger[4].pk)
    with as_superuser() as cursor:
        cursor.execute(f"DELETE FROM {RECORDS} WHERE id = %s", [row.pk])
    assert findings() == [f"{RECORDS} {row.pk} is gone; seal 2 has it."]
    row.hours += 0 if is_same else 1
    row.save(force_insert=True)
    assert seal_new_rows() == 0, "it is under its seal already"
    named = [] if is_same else [f"{RECORDS} {row.pk} was changed after seal 2."]
    assert findings() == named


def test_a_row_that_is_deleted_is_missed(ledger) -> None:
    with as_superuser() as cursor:
        cursor.execute(f"DELETE FROM {RECORDS} WHERE id = %s", [ledger[4].pk])
    assert findings() == [f"{RECORDS} {ledger[4].pk} is gone; seal 2 has it."]


def test_a_row_that_is_gone_before_its_seal_is_missed_too(ledger) -> None:
    row = took_part(ledger[0].resident, ledger[0].municipality)
    with as_superuser() as cursor:
        cursor.execute(f"DELETE FROM {RECORDS} WHERE id = %s", [row.pk])
    expected = [f"{RECORDS} {row.pk} is gone before it could be sealed."]
    assert findings() == expected
    assert seal_new_rows() == 0
    assert findings() == expected, "sealing does not cover it up"


def test_a_row_put_in_past_the_queue_is_found(ledger) -> None:
    with as_superuser():
        row = took_part(ledger[0].resident, ledger[0].municipality)
    assert findings() == [f"{RECORDS} {row.pk} has no seal and never waited for one."]
    seal_new_rows()
    assert len(findings()) == 1


def cut_off(rows: list[ParticipationRecord]) -> None:
    """The last rows, with their amendment, and the seals that knew them."""
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM attendance_seal WHERE number > 1")
        cursor.execute(f"DELETE FROM {AMENDMENTS}")
        cursor.execute(f"DELETE FROM {RECORDS} WHERE id >= %s", [rows[3].pk])


def test_a_missing_end_does_not_match_what_was_published(ledger, tmp_path) -> None:
    published = published_seals()
    assert [one["number"] for one in published] == [3]
    file = tmp_path / "seals.json"
    file.write_text(json.dumps({"seals": published}))
    say = StringIO()
    call_command("verify_ledger", published=file, stdout=say)
    assert "The ledger is as it was sealed (8 rows, 3 seals)." in say.getvalue()

    cut_off(ledger)
    assert findings() == [], "cut off so cleanly, it looks whole from inside"
    say = StringIO()
    with pytest.raises(CommandError, match="not as it was sealed"):
        call_command("verify_ledger", published=file, stdout=say)
    assert "Seal 3 was published and is not there: the end of the ledger is missing." in (
        say.getvalue()
    )
    # Made anew under the same number, with the right key even: not the one that was published.
    for _one in range(5):
        took_part(ledger[0].resident, ledger[0].municipality)
    seal_new_rows(most=3)
    assert findings() == []
    assert findings(published=published) == ["Seal 3 is not the one that was published."]


def test_seals_without_their_last_one_leave_rows_uncovered(ledger) -> None:
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM attendance_seal WHERE number = 3")
    amendment = Amendment.objects.get()
    assert findings() == [
        f"{RECORDS} {ledger[6].pk} has no seal and never waited for one.",
        f"{AMENDMENTS} {amendment.pk} has no seal and never waited for one.",
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("signature = set_byte(signature, 5, 255 - get_byte(signature, 5))",
         ["The signature of seal 2 is wrong."]),
        ("kid = 7", ["Seal 2 is signed with key 7, which is not known."]),
        ("at = at + '1 s'", ["Seal 2 was changed: its own digest is another one.",
                             "The signature of seal 2 is wrong."]),
        ("previous = sha256('x')", ["Seal 2 does not follow the seal before it: the chain is"
                                    " broken.", "Seal 2 was changed: its own digest is another"
                                    " one.", "The signature of seal 2 is wrong."]),
        ("marks = set_byte(marks, 0, 255 - get_byte(marks, 0))",
         ["attendance_participationrecord {row} was changed after seal 2."]),
    ],
    ids=["signature", "key", "time", "chain", "marks"],
)  # fmt: skip
def test_a_seal_that_was_touched_is_found(ledger, change: str, said: list[str]) -> None:
    with as_superuser() as cursor:
        cursor.execute(f"UPDATE attendance_seal SET {change} WHERE number = 2")
    assert findings() == [one.format(row=ledger[3].pk) for one in said]


def test_a_seal_that_is_gone_is_missed(ledger) -> None:
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM attendance_seal WHERE number = 2")
    found = findings()
    assert found[0] == "Seal 2 is missing."
    assert len(found) == 4, "and its three rows have no seal"


def test_a_row_changed_and_sealed_anew_with_a_foreign_key_is_found(ledger, settings) -> None:
    """Whoever has the whole database still lacks the key."""
    with as_superuser() as cursor:
        cursor.execute("DELETE FROM attendance_seal WHERE number = 3")
        cursor.execute(f"UPDATE {RECORDS} SET hours = 99 WHERE id = %s", [ledger[6].pk])
    ours = settings.LEDGER_SEAL_KEYS
    settings.LEDGER_SEAL_KEYS = [(1, bytes(32))]
    Unsealed.objects.create(table="record", row=ledger[6].pk)
    Unsealed.objects.create(table="amendment", row=Amendment.objects.get().pk)
    seal_new_rows()
    settings.LEDGER_SEAL_KEYS = ours
    assert Seal.objects.count() == 3
    assert findings() == ["The signature of seal 3 is wrong."]
