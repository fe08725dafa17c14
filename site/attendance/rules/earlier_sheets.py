"""Reading a list of participations out of a file (xlsx or CSV), and the files we hand out.

As with the sheets of requests (`tenants.rules.workbooks`) the file is judged by its content and
nothing in it is evaluated.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from attendance.rules.earlier import MAX_ROWS
from attendance.rules.earlier_cells import MAX_CELL
from attendance.rules.earlier_columns import (
    CELL_ERROR,
    COLUMNS,
    FORMULA,
    Table,
    find_headings,
)
from common.refusal import Refused
from common.spreadsheets import xlsx_bytes
from common.text import normalise_name
from tenants.rules.bulk import ERRORS_HEADING, without_mark
from tenants.rules.workbooks import packed, refuse_other_formats, write_head, write_row

MAX_COLUMNS = 60
# Rows are counted before empty ones are left out: a sheet may be formatted to its last row.
_LOOKED_AT = 20_000
_ZIP, _OLE = b"PK", bytes.fromhex("d0cf11e0a1b11ae1")
EXAMPLE = "【記入例】"
# UTF-8 as Excel and others save it, UTF-16 of "Unicode text", else what Japanese Windows writes.
_ENCODINGS = ("utf-8-sig", "cp932")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_table(content: bytes) -> Table:
    """The headings and the filled rows of the first sheet, or of a CSV file.

    Titles may stand above the headings. Raises `Refused`: what `tenants.rules.workbooks` does of
    a workbook, and `not_a_list`, `no_headings`, `too_many_rows`, `no_rows`.
    """
    if content.startswith((_ZIP, _OLE)):
        rows = _of_workbook(content)
    else:
        rows = _of_csv(content)
    top = [row for _number, row in rows[:30]]
    at = find_headings(top)
    headings = top[at] if top else ()
    if len([text for text in headings if text]) < 2:
        raise Refused("no_headings")
    width = max(index for index, text in enumerate(headings) if text) + 1
    kept = [index for index in range(width) if headings[index] != ERRORS_HEADING]
    found = [
        (number, cells)
        for number, row in rows[at + 1 :]
        if any(cells := tuple(row[i] if i < len(row) else "" for i in kept))
        and not any(cell.startswith(EXAMPLE) for cell in cells)
    ]
    if not found:
        raise Refused("no_rows")
    if len(found) > MAX_ROWS:
        raise Refused("too_many_rows", limit=MAX_ROWS)
    return Table(tuple(headings[index] for index in kept), tuple(found))


_Rows = list[tuple[int, tuple[str, ...]]]


def _of_workbook(content: bytes) -> _Rows:
    refuse_other_formats(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its own size need not be true
            cells = sheet.iter_rows(max_row=_LOOKED_AT + 1, max_col=MAX_COLUMNS)
            return _filled(tuple(map(_of_cell, row)) for row in cells)
        finally:
            workbook.close()
    except Refused:
        raise
    except Exception as error:
        # A broken file makes openpyxl raise nearly anything.
        raise Refused("damaged") from error


def _filled(rows: Iterable[tuple[str, ...]]) -> _Rows:
    """The rows with something in them, each with its number in the file."""
    found = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    if found and found[-1][0] > _LOOKED_AT:
        raise Refused("too_many_rows", limit=MAX_ROWS)
    return found


def _of_cell(cell: Any) -> str:
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        # An array formula is an object that holds the text.
        return FORMULA + _clean(str(getattr(cell.value, "text", cell.value) or "="))
    text = _text(cell.value)
    return CELL_ERROR + text if cell.data_type == "e" else text


def _text(value: Any) -> str:
    """What a cell says, as it would have been typed."""
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _clean(text: str) -> str:
    return without_mark(normalise_name(text[: MAX_CELL + 1]))


def _of_csv(content: bytes) -> _Rows:
    text = _decoded(content)
    first, _line, _rest = text.partition("\n")
    separator = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        return _filled(_limited(reader))
    except csv.Error as error:
        raise Refused("not_a_list") from error


def _limited(reader: Iterable[list[str]]) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(reader, start=1):
        yield tuple(_clean(text) for text in row[:MAX_COLUMNS])
        if number > _LOOKED_AT:
            return


def _decoded(content: bytes) -> str:
    if content.startswith(_UTF_16):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("not_a_list")


def error_workbook(table: Table, reasons: Iterable[str]) -> bytes:
    """The list as it was sent, each row with what is wrong in it; can be corrected and sent in
    again, and what was taken over already is then not taken over twice."""
    rows = (
        [*(text.lstrip(FORMULA + CELL_ERROR) for text in texts), reason]
        for (_number, texts), reason in zip(table.rows, reasons, strict=True)
    )
    return xlsx_bytes([[*table.headings, ERRORS_HEADING], *rows], "担い手活動実績")


def sample_workbook() -> bytes:
    """A form with all columns, an invented row that says so, and a sheet that explains them."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "担い手活動実績"
    write_head(sheet, [column.heading for column in COLUMNS])
    examples = [column.described.example for column in COLUMNS]
    write_row(sheet, 2, [EXAMPLE + examples[0], *examples[1:]])
    for index in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[get_column_letter(index)].width = 20
    notes = workbook.create_sheet("説明")
    write_head(notes, ["項目", "記入例", "説明"])
    texts = [[c.heading, c.described.example, c.described.note] for c in COLUMNS]
    texts.append(
        [
            "記入例の行",
            EXAMPLE,
            "1行目の例は架空の内容です。この印で始まる行は取り込まれません。消しても構いません。",
        ]
    )
    for number, row in enumerate(texts, start=2):
        write_row(notes, number, row)
    for letter, width in (("A", 20), ("B", 30), ("C", 80)):
        notes.column_dimensions[letter].width = width
    return packed(workbook)
