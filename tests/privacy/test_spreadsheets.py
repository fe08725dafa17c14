"""No cell of a file is ever run (hard case 16)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from privacy.rendering.spreadsheets import as_csv, as_workbook, render

DANGEROUS = ["=1+1", "+81 90 1234", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1+1"]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_formula_is_text_in_csv(text):
    assert read_csv(as_csv(["名前"], [[text]]))[1] == [f"'{text}"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_and_in_a_workbook(text):
    sheet = load_workbook(io.BytesIO(as_workbook(["名前"], [[text]]))).active
    cell = sheet["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_plain_text_stays_as_it_is_in_both():
    rows = [["𠮷野 花子", "090-1234-5678"], ['"引用", 改行\nあり', ""]]
    assert read_csv(as_csv(["名前", "電話"], rows)) == [["名前", "電話"], *rows]
    sheet = load_workbook(io.BytesIO(as_workbook(["名前", "電話"], rows))).active
    found = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert found == [["名前", "電話"], *rows]


@given(st.text(max_size=40))
def test_whatever_was_typed_no_cell_begins_like_a_formula(text):
    (_head, (cell,)) = read_csv(as_csv(["a"], [[text]]))
    assert cell.lstrip()[:1] not in set("=+-@")
    assert cell[:1] not in {"\t", "\r"}


def test_another_format_is_no_format():
    with pytest.raises(KeyError):
        render("pdf", [], [])
