"""Lists of participations from before the platform, as files and as rows taken over."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook

from accounts.models import User
from attendance.models import EarlierRecord
from attendance.operations.earlier.codes import issue_code
from attendance.operations.earlier.designation import Answer, Statement
from attendance.operations.earlier.taking import Taken, Upload, take_over
from attendance.operations.earlier.window import bounds_for
from attendance.rules.earlier import activities_of, judge
from attendance.rules.earlier_columns import guess
from attendance.rules.earlier_sheets import read_table
from tenants.context import municipality_context
from tenants.models import Municipality
from tests.factories.accounts import ResidentFactory

HEADINGS = (
    "活動名", "実施団体", "活動日", "開始時刻", "終了時刻", "参加者氏名", "フリガナ", "生年月日",
    "電話番号",
)  # fmt: skip
HANAKO = {
    "family_name": "藤原",
    "given_name": "花子",
    "family_kana": "フジワラ",
    "given_kana": "ハナコ",
    "birth_date": date(1963, 4, 2),
    "phone": "09012345678",
}
STATEMENT = Statement(
    True,
    "地区の高齢化で人手が足りません。",
    True,
    "だれもが使う海辺を清掃します。",
    date(2026, 4, 1),
)


def hanako(**changes: Any) -> Any:
    """The person that `row` names, with an account."""
    return ResidentFactory(**(HANAKO | changes))


def row(**changes: str) -> tuple[str, ...]:
    """Cells by heading, of `hanako` unless changed."""
    values = {
        "活動名": "内湾の清掃",
        "実施団体": "内湾まちづくり協議会",
        "活動日": "令和8年4月12日",
        "開始時刻": "9:00",
        "終了時刻": "12:00",
        "参加者氏名": "藤原　花子",
        "フリガナ": "ふじわら はなこ",
        "生年月日": "S38.4.2",
        "電話番号": "090-1234-5678",
    } | changes
    return tuple(values[heading] for heading in HEADINGS)


def of_taro(number: int | str = "", **changes: str) -> tuple[str, ...]:
    """Cells of somebody else; each number is another person."""
    taro = {
        "参加者氏名": f"山田 太郎{number}",
        "フリガナ": "",
        "生年月日": "",
        "電話番号": "0226226600",
    }
    return row(**(taro | changes))


def csv_file(
    rows: Sequence[Sequence[str]],
    headings: Sequence[str] = HEADINGS,
    encoding: str = "utf-8-sig",
) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([headings, *rows])
    return stream.getvalue().encode(encoding)


def xlsx_file(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> bytes:
    book = Workbook()
    for cells in [headings, *rows]:
        book.active.append(list(cells))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def take(
    municipality: Municipality,
    by: User,
    rows: Sequence[Sequence[str]],
    *,
    headings: Sequence[str] = HEADINGS,
    answer: Answer | None = None,
) -> Taken:
    """Take a CSV file over as the screen does, every activity with the same `answer`."""
    content = csv_file(rows, headings)
    table = read_table(content)
    places = guess(table.headings)
    judged = judge(table, places, bounds_for(municipality))
    said = answer or Answer(statement=STATEMENT)
    return take_over(
        municipality,
        Upload(
            "実績.csv",
            hashlib.sha256(content).hexdigest(),
            len(table.rows),
            table.signature,
            places,
        ),
        [one.entry for one in judged if one.entry],
        {entry.activity_key: said for entry in activities_of(judged)},
        by,
    )


def fill_earlier(municipality: Municipality, by: User) -> dict[str, str]:
    """A list with a row in every table of lists; the words of an address that name them."""
    batch = take(municipality, by, [row()]).batch
    assert batch is not None
    one = EarlierRecord.objects.get(batch=batch)
    with municipality_context(municipality):
        issue_code(one, by)
    return {"import_batch": str(batch.pk), "earlier_row": str(one.pk)}
