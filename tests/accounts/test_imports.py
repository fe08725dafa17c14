"""Many accounts from another system's list: judged like a form, whole or not at all, once."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from accounts.forms.imports import COLUMNS, read_rows
from accounts.models import ImportedAccount, Resident, User
from accounts.operations import bulk
from accounts.operations.bulk import import_accounts
from accounts.queries import documents_in_force
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
ROW = {
    "key": "M0001",
    "family_name": "佐藤",
    "given_name": "花子",
    "family_kana": "さとう",
    "given_kana": "ﾊﾅｺ",
    "birth_date": "1963-04-02",
    "postal_code": "988-0017",
    "address_line": "南町１丁目２番３号",
    "phone": "0226-22-6600",
    "email": "Hanako@Example.jp",
}


def row(number: int = 1, **changes: str) -> dict[str, str]:
    email = f"member{number}@example.jp"
    return {**ROW, "key": f"M{number:04}", "email": email, **changes}


def take(*rows: dict[str, str], source: str = "club"):
    return import_accounts(source, read_rows(rows))


def test_a_row_becomes_an_account_with_a_profile_as_the_form_keeps_it():
    assert take(ROW).made == 1
    resident = Resident.objects.select_related("user").get()
    assert (resident.name, resident.kana) == ("佐藤 花子", "サトウ ハナコ")
    assert resident.birth_date == date(1963, 4, 2)
    assert (resident.postal_code, resident.municipality_code) == ("9880017", "042056")
    assert (resident.address_line, resident.phone) == ("南町1丁目2番3号", "0226226600")
    assert resident.language == "ja"
    user = resident.user
    assert user.email == "hanako@example.jp"
    assert not user.has_usable_password()
    (address,) = user.emailaddress_set.all()
    assert (address.verified, address.primary) == (False, True)
    imported = ImportedAccount.objects.get()
    assert (imported.source, imported.key, imported.resident) == ("club", "M0001", resident)


def test_who_was_imported_signs_in_by_a_mailed_code_which_confirms_the_address(client, mailoutbox):
    take(ROW)
    client.post("/account/login/", {"email": "hanako@example.jp"}, HTTP_HOST="localhost")
    code = re.search(r"\d{4}-\d{4}", mailoutbox[-1].body).group()
    answer = client.post("/account/login/code/", {"code": code}, HTTP_HOST="localhost")
    assert answer.status_code == 302
    assert User.objects.get().emailaddress_set.get().verified
    # Nobody on the list has agreed to anything yet.
    asked = client.get("/my/", HTTP_HOST="localhost")["Location"]
    assert asked == "/my/agree/?next=%2Fmy%2F"
    agreed = {f"text_{text.pk}": "on" for text in documents_in_force()}
    assert client.post(asked, agreed, HTTP_HOST="localhost")["Location"] == "/my/"
    assert client.get("/my/", HTTP_HOST="localhost").status_code == 200


def test_people_without_e_mail_and_from_abroad_come_too():
    outcome = take(
        row(1, email=""),
        row(2, email=""),
        row(3, country="us", postal_code="", address_line="1 Main St", phone="+1 808 555 0123"),
        row(4, birth_date="S38-4-2"),
    )
    assert (outcome.made, outcome.problems) == (4, [])
    assert User.objects.filter(email=None).count() == 2
    assert Resident.objects.get(country="US").residence is None
    born = {resident.birth_date for resident in Resident.objects.all()}
    assert born == {date(1963, 4, 2)}


def test_what_must_be_encrypted_is():
    take(ROW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_resident t")
        (text,) = cursor.fetchone()
    for clear in ("1963", "9880017", "南町", "0226226600"):
        assert clear not in text


def test_a_second_run_adds_nobody_and_a_longer_list_its_new_rows():
    rows = [row(number) for number in range(5)]
    assert take(*rows).made == 5
    again = take(*rows, row(9))
    assert (again.made, again.known, again.problems) == (1, 5, [])
    assert Resident.objects.count() == 6
    other = take(row(0, email="zero@example.jp"), source="another club")
    assert other.made == 1, "a key belongs to its list"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("key", ""),
        ("family_name", " "),
        ("family_kana", "佐藤"),
        ("birth_date", "1963-02-30"),
        ("birth_date", "2.4.63"),
        ("birth_date", "2999-01-01"),
        ("birth_date", ""),
        ("postal_code", "12"),
        ("municipality", "131016"),
        ("address_line", ""),
        ("phone", "call me"),
        ("email", "nobody"),
        ("country", "XX"),
        ("language", "tlh"),
        ("given_name", "花" * 41),
    ],
)
def test_a_row_with_a_problem_is_left_out_and_named_and_the_others_come(column, value):
    outcome = take(row(1), row(2, **{column: value}), row(3))
    assert outcome.made == 2
    (problem,) = outcome.problems
    assert (problem.row, problem.column) == (3, column)
    assert problem.sentence


def test_an_unknown_postal_code_and_one_of_two_municipalities():
    outcome = take(
        row(1, postal_code="999-9999"),
        row(2, postal_code="498-0000"),
        row(3, postal_code="498-0000", municipality="243035"),
    )
    assert outcome.made == 1
    assert [(p.row, p.column) for p in outcome.problems] == [
        (2, "municipality"),
        (3, "municipality"),
    ]
    assert Resident.objects.get().municipality_code == "243035"


def test_keys_and_addresses_that_are_there_twice_are_named():
    UserFactory(email="known@example.jp")
    outcome = take(
        row(1), row(1, email="x@example.jp"), row(2, email="MEMBER1@example.jp"),
        row(3, email="known@example.jp"),
    )  # fmt: skip
    assert outcome.made == 1
    assert [(p.row, p.column) for p in outcome.problems] == [(3, "key"), (4, "email"), (5, "email")]


def test_a_batch_is_whole_or_nothing_and_the_next_run_goes_on(monkeypatch):
    """The second breaks at its last table: the first stays, of the second there is nothing."""
    monkeypatch.setattr(bulk, "BATCH", 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE accounts_importedaccount ADD CONSTRAINT no_four CHECK (key <> 'M0004')"
        )
    with pytest.raises(DatabaseError):
        take(*[row(number) for number in range(1, 7)])
    assert Resident.objects.count() == User.objects.count() == ImportedAccount.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_importedaccount DROP CONSTRAINT no_four")
    again = take(*[row(number) for number in range(1, 7)])
    assert (again.made, again.known) == (4, 2)


def test_a_thousand_rows_cost_the_queries_of_one(django_assert_num_queries):
    rows = [row(number) for number in range(50)]
    read_ahead = list(read_rows(rows))
    # Savepoint and its end, who is known, two for taken addresses, four tables.
    with django_assert_num_queries(9):
        import_accounts("club", read_ahead)


def write(path, rows, columns=COLUMNS, encoding="utf-8-sig"):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_the_command_reads_a_file_of_excel_and_says_what_it_did(tmp_path, capsys):
    path = write(tmp_path / "list.csv", [row(1), row(2, phone="x")])
    call_command("import_accounts", path, "--source", "club")
    said = capsys.readouterr()
    assert said.out == "1 accounts made, 0 known already, 1 rows left out.\n"
    assert said.err.startswith("row 3: phone: ")
    assert Resident.objects.get().family_name == "佐藤"


def test_a_file_without_a_needed_column_or_in_another_encoding_is_refused(tmp_path):
    lacking = write(tmp_path / "a.csv", [row(1)], [c for c in COLUMNS if c != "birth_date"])
    with pytest.raises(CommandError, match="birth_date"):
        call_command("import_accounts", lacking, "--source", "club")
    foreign = write(tmp_path / "b.csv", [row(1)], encoding="shift_jis")
    with pytest.raises(CommandError, match="can't be read"):
        call_command("import_accounts", foreign, "--source", "club")
    assert not Resident.objects.exists()
