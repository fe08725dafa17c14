"""Somebody of ninety-nine without e-mail: entered at the counter, at home in the account later."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, expect

from accounts.models import Resident
from tenants.models import Municipality
from tenants.staff.roles import Role
from tests.conftest import KESENNUMA
from tests.factories.accounts import UserFactory, signed_in_client
from tests.factories.staff import make_member
from tests.journeys.conftest import Platform
from tests.journeys.walking import DESKTOP, PHONE, Walker, set_out

pytestmark = pytest.mark.journey
EMAIL = "haru@example.jp"
BORN = {"birth_date_year": "2", "birth_date_month": "1", "birth_date_day": "7"}
HARU = {
    "family_name": "小野寺",
    "given_name": "ハル",
    "family_kana": "おのでら",
    "given_kana": "はる",
    "postal_code": "9880017",
    **BORN,
}
# For who wants to see what the screens look like.
PICTURES = os.environ.get("PICTURES", "")


def picture(walker: Walker, name: str) -> None:
    if PICTURES:
        # Hiding the caret would take a style of Playwright's own, which the page refuses.
        path = Path(PICTURES) / f"{name}.png"
        walker.page.screenshot(path=path, full_page=True, caret="initial")


def test_from_the_counter_to_an_account_of_one_s_own(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    officer, haru = set_out(browser, DESKTOP), set_out(browser, PHONE)
    walkers += [officer, haru]
    sign_in_as_officer(officer, platform)
    code = haru_is_entered(officer, platform)
    haru_claims(haru, platform, code)
    for walker in walkers:
        assert not walker.problems, "\n".join(walker.problems)


def sign_in_as_officer(officer: Walker, platform: Platform) -> None:
    with platform.own_process():
        connection.set_schema_to_public()
        place = Municipality.objects.get(pk=KESENNUMA)
        member = make_member(place, Role.REGISTRATION_OFFICER, name="係員 一郎")
        client = signed_in_client(member, place, admin=True)
    carry(officer, client, platform.url("kesennuma.admin"))


def carry(walker: Walker, client: Client, url: str) -> None:
    """How people sign in is walked elsewhere: this browser has."""
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": url}
    walker.context.add_cookies([cookie])  # type: ignore[list-item]


def haru_is_entered(officer: Walker, platform: Platform) -> str:
    page = officer.page
    officer.go(platform.url("kesennuma.admin", "/admin/counter/"))
    picture(officer, "counter-empty")
    officer.press("代わりに登録する", "link")
    officer.fill(**HARU)
    page.locator("[name=birth_date_era]").select_option("S")
    officer.press("郵便番号から住所を入力")
    expect(page.locator("[name=address_line]")).to_have_value("南町")
    officer.fill(address_line="南町1丁目2番3号")
    page.get_by_label("ふるさと納税をしている").check()
    picture(officer, "counter-enter")
    officer.press("登録する")  # without the consent: named, and nothing typed is lost
    officer.says("署名された同意がなければ登録できません")
    picture(officer, "counter-error")
    page.locator("[name=counter-agrees]").check()
    officer.fill(**{"counter-paper_kept_at": "綴り3の12"})
    officer.press("登録する")
    officer.says("小野寺 ハル", "昭和2年1月7日")
    expect(page.locator("body")).to_contain_text(re.compile(r"042056-\d{6}"))
    picture(officer, "counter-entry")
    page.emulate_media(media="print")
    expect(page.get_by_text("お渡しする用紙（PDF）")).to_be_hidden()
    if PICTURES:
        page.pdf(path=Path(PICTURES) / "printed.pdf", prefer_css_page_size=True)
    page.emulate_media(media="screen")
    page.set_viewport_size(PHONE)
    officer.look()
    picture(officer, "counter-entry-360")
    page.goto(platform.url("kesennuma.admin", "/admin/counter/enter/"))
    officer.look()
    picture(officer, "counter-enter-360")
    page.go_back()
    if PICTURES:
        read = "async a => [...new Uint8Array(await (await fetch(a)).arrayBuffer())]"
        (Path(PICTURES) / "sheet.pdf").write_bytes(bytes(page.evaluate(read, f"{page.url}sheet/")))
    return page.locator(".counter__code").inner_text()


def haru_claims(haru: Walker, platform: Platform, code: str) -> None:
    page = haru.page
    haru.go(platform.url("", "/claim/"))
    picture(haru, "claim-1")
    haru.fill(code=code[:-1] + ("2" if code[-1] != "2" else "3"), **BORN)
    page.locator("[name=birth_date_era]").select_option("S")
    haru.press("次へ進む")
    haru.says("見比べてください")
    picture(haru, "claim-1-slip")
    haru.fill(code=code.lower())
    haru.press("次へ進む")
    picture(haru, "claim-2")
    haru.fill(email=EMAIL)
    haru.press("確認コードを送る")
    picture(haru, "claim-3")
    mailed = re.search(r"\d{4}-\d{4}", platform.mailbox.wait_for(EMAIL, "確認コード"))
    assert mailed
    haru.fill(code=mailed.group())
    haru.press("次へ進む")
    haru.says("ご本人のアカウントになりました", re.compile(r"042056-\d{6}"))
    haru.go(platform.url("", "/my/wishes/"))
    picture(haru, "wishes")
    page.locator("[name=persona][value=longing]").check()
    haru.press("きっかけに合うものに印を付ける")
    expect(page.get_by_text("お選びのきっかけに合うものに印を付けました")).to_be_visible()
    picture(haru, "wishes-suggested")
    haru.press("保存する")
    haru.says("やってみたいことを保存しました")


def test_a_resident_abroad_without_javascript(
    browser: Browser, platform: Platform, walkers: list[Walker]
) -> None:
    walkers.append(set_out(browser, java_script_enabled=False))
    walker, page = walkers[0], walkers[0].page
    with platform.own_process():
        connection.set_schema_to_public()
        client = signed_in_client(UserFactory(email="john@example.com"))
    carry(walker, client, platform.url(""))
    page.goto(platform.url("", "/my/profile/"))
    picture(walker, "profile")
    page.get_by_text("日本国外にお住まいの方").click()
    page.locator("[name=country]").select_option("US")
    page.get_by_role("button", name="この国の入力欄を表示").click()
    expect(page.locator("[name=residence]")).to_have_count(0)
    expect(page.get_by_text("海外からはベーシック登録ができます")).to_be_visible()
    picture(walker, "profile-abroad")
    # The longest name of a country is wider than a phone.
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    for name, value in {
        "family_name": "Smith",
        "given_name": "John",
        "family_kana": "スミス",
        "given_kana": "ジョン",
        "birth_date_year": "1963",
        "birth_date_month": "4",
        "birth_date_day": "2",
        "address_line": "123 Kalakaua Avenue, Honolulu, Hawaii",
        "phone": "+1 808 555 0123",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.locator("h1")).to_contain_text("やってみたいこと")
    with platform.own_process():
        connection.set_schema_to_public()
        resident = Resident.objects.get(user__email="john@example.com")
        assert (resident.country, resident.residence, resident.phone) == (
            "US",
            None,
            "+18085550123",
        )
    page.goto(platform.url("", f"/register/{KESENNUMA}/"))
    expect(page.get_by_text("海外からはベーシック登録ができます")).to_be_visible()
    picture(walker, "register-abroad")
