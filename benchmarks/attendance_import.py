"""`import_seconds`: a list of 5,000 earlier participations out of a workbook.

What is measured is all of it: reading the file, judging every cell, looking for each person among
the registrants, writing. Every tenth row is a registrant's and goes into the ledger, the others
wait. `import_again_seconds` is the same file once more, which adds nothing.
"""

from __future__ import annotations

import hashlib
import io
import time
from datetime import timedelta

from openpyxl import Workbook

from accounts.models import Resident
from attendance.models import EarlierRecord
from attendance.operations.earlier.designation import Answer, Statement
from attendance.operations.earlier.taking import Taken, Upload, take_over
from attendance.operations.earlier.window import bounds_for
from attendance.rules.earlier import judge
from attendance.rules.earlier_columns import guess
from attendance.rules.earlier_sheets import read_table
from benchmarks.figures import Report
from benchmarks.world import FIRST_DAY, World
from common import clock
from registration.enums import Origin
from registration.models import Registration
from tenants.context import municipality_context

ROWS = 5_000
_KNOWN_EVERY = 10
_HEADINGS = (
    "活動名", "実施団体", "活動日", "開始時刻", "終了時刻", "活動場所", "参加者氏名", "フリガナ",
    "生年月日", "電話番号", "住所", "備考",
)  # fmt: skip


def measure(report: Report, world: World) -> None:
    """Adds the figures to `report`; `world` has at least one resident."""
    _register(world)
    content = _file()
    began = time.monotonic()
    first = _take(world, content)
    report.add("import_seconds", time.monotonic() - began, "s", f"{ROWS} rows")
    began = time.monotonic()
    again = _take(world, content)
    report.add("import_again_seconds", time.monotonic() - began, "s", "adds nothing")
    rows = EarlierRecord.objects.filter(municipality=world.municipality).count()
    if (first.recorded, rows) != (ROWS // _KNOWN_EVERY, ROWS) or again.batch is not None:
        raise RuntimeError(f"{first}, then {again}: {rows} rows")


def _person(number: int) -> dict[str, str]:
    return {
        "name": f"山田 太郎{number}",
        "kana": "ヤマダ タロウ",
        "born": f"{1930 + number % 75}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "phone": f"090{number:08}",
    }


def _register(world: World) -> None:
    """Registrants in bulk: of every tenth row one, the others of nobody's."""
    residents = _residents(world)
    Registration.objects.bulk_create(
        Registration(
            resident=resident,
            municipality=world.municipality,
            origin=Origin.DIRECT,
            number=f"B{number:08}",
            registered_at=clock.now(),
            family_name="山田",
            given_name=f"太郎{number * _KNOWN_EVERY}",
            kana=_person(number)["kana"] + str(number),
            birth_date=_person(number * _KNOWN_EVERY)["born"],
            phone=_person(number * _KNOWN_EVERY)["phone"],
        )
        for number, resident in enumerate(residents)
    )


def _residents(world: World) -> list[Resident]:
    return world.residents[: ROWS // _KNOWN_EVERY]


def _file() -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_HEADINGS)
    for number in range(ROWS):
        person, day = _person(number), FIRST_DAY + timedelta(days=number % 60)
        sheet.append([
            f"内湾の清掃{number % 40}", "内湾まちづくり協議会", day, "9:00", "12:00", "内湾地区",
            person["name"], person["kana"], person["born"], person["phone"],
            f"宮城県気仙沼市南町{number}番", "",
        ])  # fmt: skip
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _take(world: World, content: bytes) -> Taken:
    table = read_table(content)
    places = guess(table.headings)
    with municipality_context(world.municipality):
        judged = judge(table, places, bounds_for(world.municipality))
        digest = hashlib.sha256(content).hexdigest()
        upload = Upload("bench.xlsx", digest, ROWS, table.signature, places)
        statement = Statement(True, "人手不足", True, "公共の海辺", FIRST_DAY)
        entries = [one.entry for one in judged if one.entry]
        answers = {entry.activity_key: Answer(statement=statement) for entry in entries}
        return take_over(world.municipality, upload, entries, answers, world.residents[0].user)
