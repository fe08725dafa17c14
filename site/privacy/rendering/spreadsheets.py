"""Tables as CSV and as a workbook, in which no cell is ever run.

A name is what a resident typed: `=HYPERLINK(…)` in it must not become a formula on the desk of
the staff who open the file (CSV injection). Every cell is text, and one that a spreadsheet
program would take for a formula has an apostrophe put before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from tenants.rules.bulk import neutral

_TEXT = "@"
_WIDTH = 24

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def render(file_format: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The bytes of a file of this format. Raises `KeyError` for another one."""
    return {"csv": as_csv, "xlsx": as_workbook}[file_format](headings, rows)


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in (headings, *rows):
        writer.writerow([_cell(text) for text in row])
    return buffer.getvalue().encode("utf-8-sig")


def as_workbook(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet, its headings kept in view."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    for index in range(len(headings)):
        sheet.column_dimensions[chr(ord("A") + index)].width = _WIDTH
    for number, row in enumerate((headings, *rows)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, _cell(text))
            cell.data_type, cell.number_format = "s", _TEXT
            if not number:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _cell(text: str) -> str:
    return neutral(ILLEGAL_CHARACTERS_RE.sub("", text))
