"""Lists of earlier participations: the spreadsheet of errors corrected and sent in again, the same
list by two colleagues, what people claim of it, and the whole list taken back."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.db import connection
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, expect

from tests.factories.earlier import row, xlsx_file
from tests.factories.registration import register_resident
from tests.journeys.conftest import Platform
from tests.journeys.town import Person, Town
from tests.journeys.walking import Walker

pytestmark = pytest.mark.journey
ACTIVITY, FILE, CORRECTED = "海岸林の植樹", "植樹の参加者.xlsx", "植樹の参加者の訂正.xlsx"
REASON = "別の年の名簿だったため"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Name, date of birth and telephone number at the time; the last one's day is before the scheme.
BY_LETTER = ("三浦 汐里", "", "0226-55-0001", "令和8年4月12日")
BY_NAME = ("小山 汀", "S63.4.2", "0226-55-0002", "令和8年4月12日")
TOO_EARLY = ("千葉 岬", "H1.1.8", "0226-55-0003", "令和8年3月31日")


def the_list() -> bytes:
    return xlsx_file(
        [
            row(
                活動名=ACTIVITY, 参加者氏名=name, フリガナ="", 生年月日=born, 電話番号=phone,
                活動日=day,
            )
            for name, born, phone, day in (BY_LETTER, BY_NAME, TOO_EARLY)
        ]
    )  # fmt: skip


def test_a_list_is_corrected_claimed_and_taken_back(
    browser: Browser, platform: Platform, walkers: list[Walker], tmp_path: Path
) -> None:
    town = Town(browser, platform, walkers)
    officer, colleague = town.officer(), town.officer(name="植樹 主事")
    # Numbers, and a name, have changed since: nothing agrees by itself.
    letter, name = (
        town.person(given, family_name=family, phone="09066667777")
        for family, given in (("三浦", "汐里"), ("千田", "汀"))
    )
    with platform.own_process():
        connection.set_schema_to_public()
        for one in (letter, name):
            register_resident(one.resident, town.place)
    for one in (officer, colleague):
        looked_at(one, FILE, the_list(), town)
        one.says("取り込める行は2行です", "直す必要のある行は1行です", "記録はまだありません")
    corrected = the_errors_are_corrected(officer, tmp_path)
    taken_over_by_the_first_of_two(officer, colleague)
    the_same_file_brings_nothing(officer, town)
    looked_at(officer, CORRECTED, corrected, town)
    officer.says("取り込める行は1行です", "取り込み済みの行は2行です")
    officer.press("1行を取り込む")
    officer.says(TOO_EARLY[0])
    claimed_by_the_code_of_a_letter(officer, letter, town)
    claimed_by_name(name, town)
    the_list_is_taken_back(officer, town)
    for one in (letter, name):
        assert ACTIVITY in town.mail(one, REASON)
        expect(own_row(one, town)).to_contain_text("無効（数えません）")
        expect(own_row(one, town)).to_contain_text(REASON)
    looked_at(officer, FILE, the_list(), town)
    officer.says("取り込める行は2行です")
    town.nothing_went_wrong()


def looked_at(officer: Walker, name: str, content: bytes, town: Town) -> None:
    """Sent in, its columns confirmed."""
    officer.go(town.admin("/admin/earlier/"))
    sheet = {"name": name, "mimeType": XLSX, "buffer": content}
    officer.page.locator("[name=sheet]").set_input_files(sheet)  # type: ignore[arg-type]
    officer.press("名簿の内容を見る")
    officer.press("内容を確認する")


def the_errors_are_corrected(officer: Walker, folder: Path) -> bytes:
    """What is wrong stands in a column of its own, beside the row; here with the day put right."""
    with officer.page.expect_download() as download:
        officer.page.get_by_role("button", name="エラーの表（Excel形式）をダウンロードする").click()
    assert download.value.suggested_filename == "担い手活動実績（エラー）.xlsx"
    download.value.save_as(folder / "errors.xlsx")
    book = load_workbook(folder / "errors.xlsx")
    [headings, *rows] = book.active.iter_rows()
    at = {cell.value: cell.column - 1 for cell in headings}
    assert headings[-1].value == "エラー"
    assert [cells[at["参加者氏名"]].value for cells in rows] == [
        one[0] for one in (BY_LETTER, BY_NAME, TOO_EARLY)
    ]
    assert [bool(cells[-1].value) for cells in rows] == [False, False, True]
    assert "令和8年4月1日" in rows[-1][-1].value
    rows[-1][at["活動日"]].value = "令和8年4月12日"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def taken_over_by_the_first_of_two(officer: Walker, colleague: Walker) -> None:
    """Both have the same list before them; whoever is second adds nothing."""
    for one in (officer, colleague):
        for question in ("lack_of_hands", "public_benefit"):
            one.page.locator(f"[name$='-{question}']").select_option(label="はい")
            one.page.locator(f"[name$='-{question}_reason']").fill("地区だけでは植えきれません。")
        one.page.locator("[name$='-effective_from']").fill("2026-04-01")
    officer.press("2行を取り込む")
    officer.says("2件は、ご本人の登録を待っています", BY_LETTER[0], BY_NAME[0])
    expect(officer.page.locator("body")).not_to_contain_text(TOO_EARLY[0])
    colleague.press("2行を取り込む")
    colleague.says("すべての行が取り込み済みでした")


def the_same_file_brings_nothing(officer: Walker, town: Town) -> None:
    looked_at(officer, FILE, the_list(), town)
    officer.says("取り込める行は0行です", "取り込み済みの行は2行です")
    expect(officer.page.get_by_role("button", name=re.compile("取り込む$"))).to_have_count(0)


def the_batch(officer: Walker, town: Town) -> None:
    officer.go(town.admin("/admin/earlier/"))
    officer.press(FILE, "link")


def claimed_by_the_code_of_a_letter(officer: Walker, who: Person, town: Town) -> None:
    """As printed, typed on the keyboard of a phone; a slip is told before it is looked for."""
    the_batch(officer, town)
    officer.press("2行目", "link")  # below the headings
    officer.says(BY_LETTER[0])
    officer.press("お知らせ用のコードを発行する")
    officer.says(BY_LETTER[0], "下のコードを入力すると")
    code = officer.page.locator("strong", has_text=re.compile(r"^\w{4}-\w{4}-\w{4}$")).inner_text()
    who.walker.go(town.portal("/my/earlier/"))
    who.walker.fill(**{"code-code": code[:-1]})
    who.walker.press("自分の実績として記録する")
    who.walker.says("入力内容をご確認ください")
    who.walker.fill(**{"code-code": code.lower().replace("-", " ")})
    who.walker.press("自分の実績として記録する")
    who.walker.says("1件の参加を、あなたの実績として記録しました", ACTIVITY)
    expect(own_row(who, town)).to_contain_text("指定された活動")


def claimed_by_name(who: Person, town: Town) -> None:
    walker = who.walker
    walker.go(town.portal("/my/earlier/"))
    walker.page.locator("[name=name-municipality]").select_option(label="宮城県気仙沼市")
    walker.page.locator("[name=name-birth_date_era]").select_option(label="昭和")
    said = {
        "name-name": "小山汀", "name-birth_date_year": "63", "name-birth_date_month": "4",
        "name-birth_date_day": "2", "name-phone": "0226550002",
    }  # fmt: skip
    walker.fill(**said)
    walker.press("自分の参加を探す")
    walker.says("1件の参加を、あなたの実績として記録しました", ACTIVITY)
    expect(own_row(who, town)).to_contain_text("指定された活動")


def own_row(who: Person, town: Town) -> Locator:
    who.walker.go(town.portal("/my/history/"))
    return who.walker.page.get_by_role("row", name=re.compile(ACTIVITY))


def the_list_is_taken_back(officer: Walker, town: Town) -> None:
    """Not without a reason; what another list brought stays."""
    the_batch(officer, town)
    officer.press("名簿の取込みを取り消す")
    expect(officer.page.get_by_role("button", name="名簿の取込みを取り消す")).to_be_visible()
    officer.fill(reason=REASON)
    officer.press("名簿の取込みを取り消す")
    officer.says("名簿の取込みを取り消しました", REASON, "取消し済み")
    officer.go(town.admin("/admin/earlier/"))
    officer.press(CORRECTED, "link")
    officer.says(TOO_EARLY[0])
