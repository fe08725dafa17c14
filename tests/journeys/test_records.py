"""What people took part in: recorded by poster and by six digits, voided, objected to, restored;
brought in from a list and claimed; sealed for everybody to see."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from openpyxl import Workbook
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from accounts.models import Resident
from activities.models import Session
from attendance.models import ParticipationRecord
from common import clock
from tenants.context import municipality_context
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import HIDA
from tests.factories.accounts import ResidentFactory, signed_in_client
from tests.factories.activities import make_activity
from tests.factories.registration import register_resident
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform
from tests.journeys.test_counter import carry
from tests.journeys.test_story import code_in
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
MORNING, EVENING = "古川の堀の掃除", "古川の夜回り"
EARLIER, REASON = "瀬戸川の鯉の引っ越し", "参加者の取り違え"
READ = "async a => [...new Uint8Array(await (await fetch(a)).arrayBuffer())]"


@pytest.fixture
def hida_row(platform: Platform) -> Municipality:
    """飛騨市 in the product's own database."""
    with platform.own_process():
        connection.set_schema_to_public()
        return Municipality.objects.get(pk=HIDA)


def staff_of(walker: Walker, platform: Platform, place: Municipality) -> None:
    member = make_member(place, Role.ADMINISTRATOR, name="記録 係長")
    client = signed_in_client(member, place, admin=True)
    carry(walker, client, platform.url("hida.admin"))


def test_recorded_voided_objected_to_and_restored(
    browser: Browser,
    platform: Platform,
    walkers: list[Walker],
    hida_row: Municipality,
    tmp_path: Path,
) -> None:
    officer, shun = set_out(browser, DESKTOP), set_out(browser, PHONE)
    walkers += [officer, shun]
    with platform.own_process():
        connection.set_schema_to_public()
        staff_of(officer, platform, hida_row)
        resident = ResidentFactory(given_name="俊", user__email="shun-records@example.jp")
        register_resident(resident, hida_row)
        carry(shun, signed_in_client(resident.user), platform.url(""))
        sessions = [happening_now(hida_row, title) for title in (MORNING, EVENING)]
    by_the_poster(shun, poster(officer, sessions[0], platform), tmp_path)
    by_the_six_digits(shun, poster(officer, sessions[1], platform), platform)
    voided(officer, sessions[0], platform)
    platform.mailbox.wait_for(resident.user.email, REASON)
    objected_to(shun, platform)
    answered_and_restored(officer, platform, sessions[0])
    platform.mailbox.wait_for(resident.user.email, "名簿で確認しました")
    shun.go(platform.url("", "/my/history/"))
    expect(row_of(shun, MORNING)).to_contain_text("指定された活動")
    expect(row_of(shun, MORNING)).to_contain_text(REASON)  # what happened stays to be read
    sealed(shun, platform, resident)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def happening_now(place: Municipality, title: str) -> Session:
    began = clock.now() - timedelta(minutes=20)
    when = {"starts_at": began, "ends_at": began + timedelta(hours=2), "place": "飛騨古川"}
    page = make_activity(place, title=title, sessions=[when])
    with municipality_context(place):
        return page.sessions.get()


def poster(officer: Walker, session: Session, platform: Platform) -> bytes:
    """The PDF that staff print."""
    officer.go(platform.url("hida.admin", f"/admin/sessions/{session.uuid}/participants/"))
    address = f"/admin/sessions/{session.uuid}/poster/"
    return bytes(officer.page.evaluate(READ, address))


def by_the_poster(shun: Walker, sheet: bytes, folder: Path) -> None:
    shun.go(code_in(sheet, folder))
    shun.says(MORNING)
    shun.press("参加を記録する")
    shun.says("参加を記録しました")


def by_the_six_digits(shun: Walker, sheet: bytes, platform: Platform) -> None:
    """As printed beside the code, typed with the wide digits of a Japanese keyboard."""
    text = PdfReader(io.BytesIO(sheet)).pages[0].extract_text()
    digits = re.search(r"番号\s*(\d{6})", text)
    assert digits, text
    shun.go(platform.url("", "/c/"))
    shun.page.locator("[name=municipality]").select_option(label="岐阜県飛騨市")
    shun.fill(digits="1")
    shun.press("参加を記録する")
    shun.says("6桁の番号を入力してください")
    shun.fill(digits=digits[1].translate(str.maketrans("0123456789", "０１２３４５６７８９")))
    shun.press("参加を記録する")
    shun.says("参加を記録しました", EVENING)


def voided(officer: Walker, session: Session, platform: Platform) -> None:
    """Not without a reason."""
    officer.go(platform.url("hida.admin", f"/admin/sessions/{session.uuid}/participants/"))
    officer.press("無効にする・訂正する", "link")
    officer.page.get_by_label("無効にする（数えなくなります）").check()
    officer.press("訂正する")
    officer.says("理由を入力してください")
    officer.fill(reason=REASON)
    officer.press("訂正する")
    officer.says("記録を訂正しました", REASON)


def row_of(walker: Walker, title: str):
    return walker.page.get_by_role("row", name=re.compile(title))


def objected_to(shun: Walker, platform: Platform) -> None:
    shun.go(platform.url("", "/my/history/"))
    expect(row_of(shun, MORNING)).to_contain_text("無効（数えません）")
    row_of(shun, MORNING).get_by_role("link", name="記録に異議を申し出る").click()
    shun.look()
    shun.fill(text="その日は朝から参加していました。")
    shun.press("異議を送る")
    shun.says("異議を自治体に送りました")


def answered_and_restored(officer: Walker, platform: Platform, session: Session) -> None:
    officer.go(platform.url("hida.admin", "/admin/objections/"))
    officer.says(MORNING)
    officer.page.get_by_role("row", name=re.compile(MORNING)).get_by_role("link").click()
    officer.look()
    officer.says("その日は朝から参加していました。")
    officer.page.locator("[name=accepted][value=yes]").check()
    officer.fill(text="名簿で確認しました。")
    officer.press("異議に回答する")
    officer.says("回答を送りました")
    officer.page.get_by_label("無効を取り消す（再び数えます）").check()
    officer.fill(reason="名簿を見直した")
    officer.press("訂正する")
    officer.says("記録を訂正しました")


def sealed(visitor: Walker, platform: Platform, resident: Resident) -> None:
    """By the caretaker's own clock, once a minute; anybody may look, and no name is there."""
    with platform.own_process():
        connection.set_schema_to_public()
        newest = ParticipationRecord.objects.filter(resident=resident).latest("pk")
    visitor.context.clear_cookies()
    for _second in range(180):
        visitor.page.goto(platform.url("", "/ledger/"))
        if visitor.page.locator("tbody tr").count():
            break
        visitor.page.wait_for_timeout(1000)
    visitor.look()
    visitor.says("封印した日時", "1")
    expect(visitor.page.locator("body")).not_to_contain_text(str(newest.resident_id))
    expect(visitor.page.locator("body")).not_to_contain_text(MORNING)


def test_an_earlier_participation_comes_in_from_a_list_and_is_claimed(
    browser: Browser, platform: Platform, walkers: list[Walker], hida_row: Municipality
) -> None:
    officer, sachi = set_out(browser, DESKTOP), set_out(browser, PHONE)
    walkers += [officer, sachi]
    with platform.own_process():
        connection.set_schema_to_public()
        staff_of(officer, platform, hida_row)
        # Name and number have changed since: nothing agrees by itself.
        resident = ResidentFactory(
            family_name="山本", family_kana="ヤマモト", given_name="幸", given_kana="サチ",
            phone="0577732111", user__email="sachi-records@example.jp",
        )  # fmt: skip
        register_resident(resident, hida_row)
        carry(sachi, signed_in_client(resident.user), platform.url(""))
    a_list_is_taken_over(officer, platform)
    she_claims_it(sachi, platform)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def the_list() -> bytes:
    """Columns in an order and with headings of their own; the third row is before the scheme."""
    book = Workbook()
    for cells in (
        ("でんわ", "だれ", "何を", "いつ", "何時間", "うまれ"),
        ("090-7777-8888", "大野　幸", EARLIER, "令和8年4月12日", "3", "S63.4.2"),
        ("0577-73-0000", "古川 次郎", EARLIER, "令和8年4月12日", "3", ""),
        ("0577-73-0001", "古川 三郎", EARLIER, "令和8年3月31日", "3", ""),
    ):
        book.active.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def a_list_is_taken_over(officer: Walker, platform: Platform) -> None:
    """Nothing is recorded before staff say so; the faulty row is named, the rest goes in."""
    page = officer.page
    officer.go(platform.url("hida.admin", "/admin/earlier/"))
    sheet = {
        "name": "鯉の引っ越し.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": the_list(),
    }
    page.locator("[name=sheet]").set_input_files(sheet)  # type: ignore[arg-type]
    officer.press("名簿の内容を見る")
    officer.press("内容を確認する")
    officer.says("必要な項目です。列を選んでください")
    for name, column in {
        "phone": 0, "name": 1, "activity": 2, "held_on": 3, "hours": 4, "birth_date": 5
    }.items():  # fmt: skip
        page.locator(f"[name={name}]").select_option(str(column))
    officer.press("内容を確認する")
    officer.says("4行目", "令和8年4月1日", "取り込める行は2行です", "記録はまだありません")
    for question in ("lack_of_hands", "public_benefit"):
        page.locator(f"[name$='-{question}']").select_option(label="はい")
        page.locator(f"[name$='-{question}_reason']").fill("地区の皆さんだけでは足りません。")
    page.locator("[name$='-effective_from']").fill("2026-04-01")
    officer.press("2行を取り込む")
    officer.says("大野 幸", "古川 次郎")
    expect(page.locator("body")).not_to_contain_text("古川 三郎")


def she_claims_it(sachi: Walker, platform: Platform) -> None:
    """By what the list says of her; a number that is not there finds nothing."""
    page = sachi.page
    sachi.go(platform.url("", "/my/earlier/"))
    sachi.page.locator("[name=name-municipality]").select_option(label="岐阜県飛騨市")
    page.locator("[name=name-birth_date_era]").select_option(label="昭和")
    said = {
        "name-name": "大野幸",
        "name-birth_date_year": "63",
        "name-birth_date_month": "4",
        "name-birth_date_day": "2",
        "name-phone": "090-7777-0000",
    }
    sachi.fill(**said)
    sachi.press("自分の参加を探す")
    sachi.says("過去の参加が見つかりませんでした")
    sachi.fill(**{"name-phone": "０９０７７７７８８８８"})
    sachi.press("自分の参加を探す")
    sachi.says("1件の参加を、あなたの実績として記録しました", EARLIER)
    sachi.go(platform.url("", "/my/history/"))
    expect(row_of(sachi, EARLIER)).to_contain_text("事後入力")
    expect(row_of(sachi, EARLIER)).to_contain_text("指定された活動")
