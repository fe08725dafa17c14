"""Tables that people take away, as CSV or XLSX: no cell is ever run as a formula.

Spreadsheet programs take a text that begins with `=` for a formula, also one that a resident
typed into a form; it could then send the row beside it elsewhere, or start a program. Everything
that is written into a file for a spreadsheet goes through here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

# What makes a formula, also in full width, as a Japanese keyboard types it (OWASP: CSV
# injection). White space before it does not help: some programs cut it off.
_FORMULA = re.compile(r"[\s\u200b\u2060\ufeff]*[=+\-@＝＋－＠−]")
_LEADING_CONTROLS = ("\t", "\r", "\n")
# XML knows none of these; tab and line breaks may stay.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_767
"""Characters Excel takes in one cell."""
_AS_THEY_ARE = (bool, int, float, Decimal, date, datetime, time)


def safe_cell(value: Any) -> Any:
    """`value` as it may stand in a cell.

    Numbers, dates and truth values stay what they are; None is an empty text. A text that could
    be taken for a formula gets an apostrophe in front, which spreadsheets show or swallow but
    never run; control characters go. Safe to repeat.
    """
    if value is None:
        return ""
    if isinstance(value, _AS_THEY_ARE):
        return value
    text = _CONTROLS.sub("", str(value))
    if _FORMULA.match(text) or text.startswith(_LEADING_CONTROLS):
        text = f"'{text}"
    return text[:_LONGEST]


def csv_bytes(rows: Iterable[Iterable[Any]]) -> bytes:
    """The rows as CSV: UTF-8 with the mark by which Excel knows it, every cell in quotes."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: Iterable[Iterable[Any]], title: str = "Sheet1") -> bytes:
    """The rows as a workbook of one sheet; `title` loses what a sheet's name may not have."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\/*?:\[\]]", " ", title)[:31] or "Sheet1")
    for row in rows:
        sheet.append([_plain(safe_cell(cell)) for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _plain(value: Any) -> Any:
    """Excel knows no time zones: a moment stands there as its clock shows it."""
    if isinstance(value, datetime | time) and value.tzinfo is not None:
        return value.replace(tzinfo=None)
    return value
