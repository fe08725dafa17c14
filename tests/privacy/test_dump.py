"""What a dump of the database shows of somebody, and what it does not (decision 0012)."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from common.wareki import jdate
from launcher.postgres import binaries_for
from privacy.queries import holdings
from tenants.models import Municipality
from tests.cases.everything import GOROSAKU, JURIA, Everything, build
from tests.cases.scanning import Place, all_rows, found
from tests.conftest import HIDA, KESENNUMA

# As `COPY public.accounts_user (id, password) FROM stdin;`, and the row of an end.
_COPY, _END = re.compile(r'COPY "?(\w+)"?\."?(\w+)"? \((.*)\) FROM stdin;'), "\\."
_BYTES = re.compile(r"\\\\x([0-9a-f]{2,})")
_TWELVE_DIGITS = re.compile(r"(?<![\w.])\d{12}(?![\w.])")
# The end of a random UUID may be twelve digits by chance.
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Where a page stands in Wagtail's tree: the fourth page of the first site is 0001 0001 0004.
_PATHS = {"wagtailcore_page": "0001", "wagtailcore_revision": "0001"}
# Words that people wrote where others read them: a post is no particular of a profile. The people
# of the test have written their telephone numbers into theirs.
WRITTEN_BY_ONESELF = {"community_post": {"phone"}}


@pytest.fixture(scope="module")
def everything(module_database: str) -> Everything:
    connection.set_schema_to_public()
    return build(*(Municipality.objects.get(pk=code) for code in (KESENNUMA, HIDA)))


@pytest.fixture(scope="module")
def dump(everything: Everything, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Everything as the operator keeps it: the owner's dump, in plain text."""
    file: Path = tmp_path_factory.mktemp("dump") / "dump.sql"
    known = connection.get_connection_params()
    program = str(binaries_for(None) / "pg_dump")
    options = ["-h", str(known["host"]), "-U", str(known["user"]), "-d", str(known["dbname"])]
    if known.get("port"):
        options += ["-p", str(known["port"])]
    environment = {**os.environ, "PGPASSWORD": str(known.get("password") or "")}
    subprocess.run(
        [program, "--enable-row-security", "-f", str(file), *options], check=True, env=environment
    )
    return file.read_text()


def lines_of(dump: str) -> Iterator[tuple[str, str, str]]:
    """Schema, table and text of each row; what stands in bytes is read as text too."""
    place = None
    for line in dump.split("\n"):
        if place is None:
            if match := _COPY.fullmatch(line):
                place = match[1], match[2]
        elif line == _END:
            place = None
        else:
            yield *place, line + "".join(map(_as_text, _BYTES.findall(line)))


def _as_text(digits: str) -> str:
    return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "replace")


def secrets_of(person: dict[str, object]) -> dict[str, set[str]]:
    """What must not be read, in every form in which it is written somewhere."""
    *_names, postal_code, _code, line = person["person"]  # type: ignore[misc]
    phone, born = str(person["phone"]), person["birth_date"]
    assert isinstance(born, date)
    return {
        "birth date": {
            born.isoformat(), f"{born:%Y%m%d}", f"{born:%Y/%m/%d}", jdate(born),
            f"{born.year}年{born.month}月{born.day}日",
        },
        "postal code": {postal_code, f"{postal_code[:3]}-{postal_code[3:]}"},
        "address": {line, str(person["building"])},
        "phone": {phone, f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"},
    }  # fmt: skip


def test_no_particular_of_anybody_is_in_it(dump: str) -> None:
    shown: dict[str, set[str]] = {}
    wanted = [
        (what, word)
        for person in (JURIA, GOROSAKU)
        for what, words in secrets_of(person).items()
        for word in words
    ]
    for _schema, table, text in lines_of(dump):
        for what, word in wanted:
            if word in text:
                shown.setdefault(table, set()).add(what)
    assert shown == WRITTEN_BY_ONESELF


def test_no_number_of_twelve_digits_is_in_it(dump: str) -> None:
    numbers = {
        (table, number)
        for _schema, table, text in lines_of(dump)
        for number in _TWELVE_DIGITS.findall(_UUID.sub("", text))
        if not number.startswith(_PATHS.get(table, "-"))
    }
    assert numbers == set()


def test_every_row_is_in_it(everything: Everything, dump: str) -> None:
    """So nothing was missed above because a wall had kept it from the dump."""
    dumped = Counter((schema, table) for schema, table, _text in lines_of(dump))
    there = Counter(row.place[:2] for row in all_rows())
    assert dumped == there
    for resident in (everything.juria, everything.gorosaku):
        places: set[Place] = found(everything.needles_of(resident))
        tables = {table for _schema, table, _pk in places}
        assert {holding.table for holding in holdings()} - tables - BEHIND == set()
        # Names are looked up by, so they can be read (decision 0012).
        assert resident.family_name in dump


# Of these another table's row says whose they are.
BEHIND = {
    "account_emailconfirmation", "certificates_certificatefile", "privacy_caseevent",
    "privacy_exportrecord", "registration_registrationevent",
}  # fmt: skip
