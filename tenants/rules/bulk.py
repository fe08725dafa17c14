"""The sheet of many requests: its columns, its rows, and what cells may say (R1, R28)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from common.spreadsheets import safe_cell
from common.text import normalise_digits, normalise_name
from common.wareki import from_era

MAX_ROWS = 2_000
# Longer than any of our fields: enough to say "too long", too short to fill a page.
MAX_CELL = 400
_WESTERN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_ERA = re.compile(r"([RHSTMrhstm]|令和|平成|昭和)(\d{1,2}|元)[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the request's field, the heading in the file, and how to fill it in.

    Headings are part of the file's format, so they are Japanese in every language.
    """

    field: str
    heading: str
    example: str
    note: str


COLUMNS = (
    Column(
        "local_government",
        "地方公共団体コード",
        "042056",
        "検査数字を含む6桁の数字です。先頭の0も入力してください。",
    ),
    Column("department", "部署名", "企画課", "80文字以内で入力してください。"),
    Column("contact_name", "担当者の氏名", "佐藤 花子", "60文字以内で入力してください。"),
    Column(
        "contact_email",
        "担当者のメールアドレス",
        "kikaku@city.example.lg.jp",
        "確認のメールと管理画面への招待を、このアドレスに送ります。",
    ),
    Column("contact_phone", "電話番号", "0226-22-6600", "市外局番から入力してください。"),
    Column("terms", "同意した規約の版", "1.0", "自治体向けシステム利用規約の版の番号です。"),
    Column(
        "agreed_on",
        "同意日",
        "2026/4/1",
        "2026/4/1 または 令和8年4月1日 のように入力してください。先の日付は入力できません。",
    ),
)
FIELDS = tuple(column.field for column in COLUMNS)
ERRORS_HEADING = "エラー"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One filled row: its number in the file, the text of each cell by field.

    `unreadable` names cells that hold no text of their own: `formula` or `cell_error`.
    """

    number: int
    values: dict[str, str]
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """The local-government code in the form we compare."""
        return normalise_digits(self.values["local_government"])


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was read: name, SHA-256 of its bytes, the prefecture it must keep to."""

    file_name: str
    digest: str
    prefecture: str
    rows: tuple[SheetRow, ...]

    def to_json(self) -> list[Any]:
        rows = [[row.number, [row.values[name] for name in FIELDS], row.unreadable]
                for row in self.rows]  # fmt: skip
        return [self.file_name, self.digest, self.prefecture, rows]

    @classmethod
    def from_json(cls, stored: list[Any]) -> Self:
        file_name, digest, prefecture, rows = stored
        return cls(
            file_name,
            digest,
            prefecture,
            tuple(
                SheetRow(number, dict(zip(FIELDS, values, strict=True)), unreadable)
                for number, values, unreadable in rows
            ),
        )


def repeated_codes(rows: Iterable[SheetRow]) -> dict[str, list[int]]:
    """Codes that stand in more than one row, with the numbers of the rows.

    Every one of them is wrong: which is meant, only the sender knows.
    """
    numbers: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.code:
            numbers[row.code].append(row.number)
    return {code: found for code, found in numbers.items() if len(found) > 1}


def read_day(text: str) -> date:
    """A day as people write it: 2026-04-01, 2026/4/1, 2026年4月1日, 令和8年4月1日, R8.4.1.

    Raises ValueError for anything else and for days that do not exist.
    """
    plain = normalise_name(text).replace(" ", "")
    if found := _WESTERN.fullmatch(plain):
        year, month, day = map(int, found.groups())
        return date(year, month, day)
    if found := _ERA.fullmatch(plain):
        era, year_text, *rest = found.groups()
        return from_era(era, 1 if year_text == "元" else int(year_text), *map(int, rest))
    raise ValueError(f"not a day: {text!r}")


def neutral(text: str) -> str:
    """`text` as a cell nobody's program runs: `=HYPERLINK(…)` becomes `'=HYPERLINK(…)`.

    The file may be saved as CSV on the way, which forgets that a cell was text.
    """
    return str(safe_cell(text))


def without_mark(text: str) -> str:
    """Takes back what `neutral` added, so that a corrected error sheet can be sent in."""
    return text[1:] if text.startswith("'") and safe_cell(text[1:]) == text else text
