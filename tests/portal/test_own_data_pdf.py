"""The copy as PDF: says what the JSON says, to people and to machines that read aloud."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from django.utils import translation
from pypdf import PdfReader

from common.clock import TOKYO
from portal.operations import own_data
from portal.operations.own_data import copy_of
from portal.rendering.own_data import render_copy
from portal.rules.copies import Copy, Part, Place, Row, Value
from tests.factories.accounts import ResidentFactory, confirmed_client
from tests.factories.community import make_post
from tests.factories.holdings import SAMPLES, took_part
from tests.factories.registration import register_resident

NAME = "𠮷田 葛\U000e0100子"


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def a_copy(*parts: Part) -> Copy:
    return Copy(datetime(2026, 11, 29, 10, 30, tzinfo=TOKYO), NAME, 1, "x", parts)


def a_part(rows: int, words: str = "海岸の清掃", place: Place | None = None) -> Part:
    return Part(
        "t",
        "活動実績",
        "制度のため、五年。",
        place,
        tuple(Row(one, (Value("v", "活動", words, f"{words}{one}"),)) for one in range(rows)),
    )


@pytest.fixture(autouse=True)
def _japanese():
    with translation.override("ja"):
        yield


@pytest.mark.django_db
def test_it_holds_what_the_json_holds(kesennuma, hida, monkeypatch):
    monkeypatch.setattr(own_data, "holdings", lambda: SAMPLES)
    resident = ResidentFactory(family_name="𠮷田", given_name="葛\U000e0100子")
    for place in (kesennuma, hida):
        register_resident(resident, place)
        took_part(resident, place)
        make_post(place, resident, f"{place.name}の皆さん、\nはじめまして🐟")
    expected = copy_of(resident).parts  # before the record that a copy was made
    response = confirmed_client(resident.user).post("/my/data/pdf/")
    assert response["Content-Type"] == "application/pdf"
    assert "furusato-my-data-" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    text = text_of(response.content).replace("(", "（").replace(")", "）")
    for part in expected:
        assert part.title in text
        for row in part.rows:
            for value in row.values:
                words = "".join(value.words.replace("🐟", "〓").split())
                for sign in ("\U000e0100", "−"):
                    words, text = words.replace(sign, ""), text.replace(sign, "")
                assert words.replace("(", "（").replace(")", "）") in text, value
    assert "〓」で表しています" in text


def test_the_cover_says_whose_it_is_and_of_when():
    reader = PdfReader(io.BytesIO(render_copy(a_copy(a_part(1)))))
    cover = "".join(reader.pages[0].extract_text().split())
    for words in ("わたしのデータの写し", "𠮷田", "令和8年11月29日", "10時30分現在", "活動実績"):
        assert words in cover
    assert reader.metadata is not None
    assert "𠮷田" not in str(reader.metadata.title), "nobody's name shows before it is opened"
    assert "1/2" in cover
    assert "〓" not in cover


def test_in_english():
    with translation.override("en"):
        assert "Acopyofmydata" in text_of(render_copy(a_copy(a_part(1))))


def test_it_is_tagged_with_headings_and_language():
    reader = PdfReader(io.BytesIO(render_copy(a_copy(a_part(1), a_part(30)))))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "ja"
    assert "pdfuaid" in str(reader.trailer["/Root"]["/Metadata"].get_data())
    titles = str(reader.outline)
    assert "活動実績（1）" in titles
    assert "活動実績（30）" in titles


def test_a_long_part_is_set_close_and_loses_nothing():
    pdf = render_copy(a_copy(a_part(1000, place=Place("042056", "宮城県気仙沼市"))))
    text = text_of(pdf)
    assert all(f"海岸の清掃{one}" in text for one in range(1000))
    assert "宮城県気仙沼市活動実績" in text
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 40


def test_what_somebody_wrote_is_text():
    attack = '<img src="http://169.254.169.254/">'
    assert "169.254" in text_of(render_copy(a_copy(a_part(1, attack))))
