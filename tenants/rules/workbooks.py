"""Reading a spreadsheet that came from outside, and writing ours.

Nothing in the file is evaluated. It is judged by its content, never by its name: a zip with a
workbook's content type, no macros, unpacked below a limit before anything of it is unpacked.
openpyxl reads XML through defusedxml, which refuses entities.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from common.refusal import Refused
from common.text import normalise_name
from tenants.rules.bulk import (
    COLUMNS,
    ERRORS_HEADING,
    FIELDS,
    MAX_CELL,
    MAX_ROWS,
    SheetRow,
    neutral,
    without_mark,
)

MAX_UNPACKED = 20_000_000
_MAX_PARTS = 500
_MAX_HEADINGS = 50
# The format's own last row: a number beyond it is an attack on whoever counts up to it.
_LAST_ROW = 1_048_576
_WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = b"macroEnabled"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_TEXT = "@"


def read_rows(content: bytes) -> tuple[SheetRow, ...]:
    """The filled rows of the first sheet, below its headings.

    Raises `Refused`: `old_or_locked` (xls, password), `not_a_spreadsheet`, `has_macros`,
    `unpacks_too_big`, `damaged`, `headings_missing` (`headings`), `headings_repeated`
    (`headings`), `too_many_rows`, `no_rows`.
    """
    refuse_other_formats(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            return _rows_of(workbook.worksheets[0])
        finally:
            workbook.close()
    except Refused:
        raise
    except Exception as error:
        # A broken file makes openpyxl raise nearly anything.
        raise Refused("damaged") from error


def refuse_other_formats(content: bytes) -> None:
    """Raises `Refused` for what is no workbook, or one not to be opened (see `read_rows`)."""
    if content.startswith(_OLE):
        raise Refused("old_or_locked")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            # zipfile never unpacks more of a part than its entry declares.
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Refused("unpacks_too_big")
            kinds = archive.read("[Content_Types].xml")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError):
        raise Refused("not_a_spreadsheet") from None
    if _MACROS in kinds or any("vbaproject" in part.filename.lower() for part in parts):
        raise Refused("has_macros")
    if _WORKBOOK not in kinds:
        raise Refused("not_a_spreadsheet")


def _rows_of(sheet: Any) -> tuple[SheetRow, ...]:
    sheet.reset_dimensions()  # what the file says of its own size need not be true
    heading_cells = next(sheet.iter_rows(max_row=1, max_col=_MAX_HEADINGS), ())
    places = _places(heading_cells)
    found = []
    for number, cells in _numbered(sheet, max(places.values()) + 1):
        row = _row(number, [cells[places[name]] for name in FIELDS])
        if any(row.values.values()):
            found.append(row)
        if len(found) > MAX_ROWS:
            raise Refused("too_many_rows")
    if not found:
        raise Refused("no_rows")
    return tuple(found)


def _numbered(sheet: Any, width: int) -> Iterator[tuple[int, Any]]:
    rows = sheet.iter_rows(min_row=2, max_row=_LAST_ROW, max_col=width)
    return enumerate(rows, start=2)


def _places(cells: Iterable[Any]) -> dict[str, int]:
    """Where each field's column stands: found by heading, in any order, others left alone."""
    headings = [normalise_name(str(cell.value or "")).replace(" ", "") for cell in cells]
    missing = [column.heading for column in COLUMNS if column.heading not in headings]
    if missing:
        raise Refused("headings_missing", headings=missing)
    repeated = [column.heading for column in COLUMNS if headings.count(column.heading) > 1]
    if repeated:
        raise Refused("headings_repeated", headings=repeated)
    return {column.field: headings.index(column.heading) for column in COLUMNS}


def _row(number: int, cells: list[Any]) -> SheetRow:
    values, unreadable = {}, {}
    for name, cell in zip(FIELDS, cells, strict=True):
        if cell.data_type == "f":
            # An array formula is an object that holds the text.
            text = str(getattr(cell.value, "text", cell.value) or "=")
            unreadable[name] = "formula"
        else:
            text = without_mark(_text(name, cell.value))
            if cell.data_type == "e":
                unreadable[name] = "cell_error"
        values[name] = text[:MAX_CELL].strip()
    return SheetRow(number, values, unreadable)


def _text(name: str, value: Any) -> str:
    """What a cell says, as it would have been typed into a form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(name, value)
    return str(value)


def _number(name: str, value: float) -> str:
    """Typed into a cell that is not text, 1.0 becomes 1 and a telephone number loses its zero.

    Every Japanese telephone number begins with one, so it is put back. A code's is not: five
    digits may also be the code of another place without its check digit (12220 is 流山市, or
    三笠市 without its zero), so the row asks for all six.
    """
    if name == "terms":
        return str(float(value))
    text = str(int(value)) if float(value).is_integer() else str(value)
    return f"0{text}" if name == "contact_phone" else text


def template_workbook(terms_version: str) -> bytes:
    """The sheet to fill in; a second one explains each column."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "利用申請"
    write_head(sheet, [column.heading for column in COLUMNS])
    for index, column in enumerate(COLUMNS, start=1):
        is_day = column.field == "agreed_on"
        dimension = sheet.column_dimensions[get_column_letter(index)]
        dimension.number_format = "yyyy/mm/dd" if is_day else _TEXT
        dimension.width = 26
    notes = workbook.create_sheet("記入例と説明")
    write_head(notes, ["項目", "記入例", "説明"])
    for number, column in enumerate(COLUMNS, start=2):
        example = terms_version if column.field == "terms" else column.example
        write_row(notes, number, [column.heading, example, column.note])
    for letter, width in (("A", 26), ("B", 30), ("C", 80)):
        notes.column_dimensions[letter].width = width
    return packed(workbook)


def error_workbook(rows: Iterable[tuple[SheetRow, str]]) -> bytes:
    """What was sent, each row with what is wrong in it; can be corrected and sent in again."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "利用申請"
    write_head(sheet, [*(column.heading for column in COLUMNS), ERRORS_HEADING])
    last = 1
    for last, (row, errors) in enumerate(rows, start=2):
        write_row(sheet, last, [*(row.values[name] for name in FIELDS), errors])
    for index in range(1, len(COLUMNS) + 2):
        sheet.column_dimensions[get_column_letter(index)].width = 26
    sheet.column_dimensions[get_column_letter(len(COLUMNS) + 1)].width = 80
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS) + 1)}{last}"
    return packed(workbook)


def write_head(sheet: Any, headings: list[str]) -> None:
    """The first row, in bold, which stays in sight."""
    write_row(sheet, 1, headings)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"


def write_row(sheet: Any, number: int, texts: list[str]) -> None:
    """Texts as texts, whatever they look like; none of them is ever run."""
    for index, text in enumerate(texts, start=1):
        cell = sheet.cell(number, index, neutral(ILLEGAL_CHARACTERS_RE.sub("", text)))
        cell.data_type = "s"
        cell.number_format = _TEXT
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def packed(workbook: Workbook) -> bytes:
    """The file."""
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
